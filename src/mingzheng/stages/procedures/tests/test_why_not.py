"""Door, button and API ask one function why an act is not possible: they can never answer differently."""

import dataclasses
import inspect

import pytest
from tests.journey import register

from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.procedures import acting, queries

pytestmark = pytest.mark.django_db


def _door(act, lot, player):
    """What the command itself refuses, rightly signed but with every other argument empty."""
    this = COMMANDS[act]
    nonce = f"why not {act}"
    actor = player.signed(act, {}, nonce) if this.binds else player.actor
    try:
        this.call(actor=actor, key=nonce, lot=lot, **{name: None for name in this.fields if name != "lot"})
    except Refused as refused:
        return refused.code
    except Exception:
        return None  # past every question of `act`, stopped by the empty arguments
    return None


#: What only the shared questions answer (commands ask for owner and part of their own as well).
ASKED = {
    "access.not-yours", "access.needs-certificate", "procedures.lot-suspended", "procedures.lot-ended",
    "procedures.wrong-phase", "procedures.held",
}  # fmt: skip


@pytest.mark.parametrize("given", ["registered", "suspended", "ended"])
def test_the_button_says_of_every_act_on_a_lot_what_the_door_would_say(lot_at, world, given):
    if given == "registered":
        register(world)
    else:
        lot_at("announced")
    cast = world.cast
    if given == "suspended":
        cast.supervisor.do("procedures.suspend_lot", lot=world.lot, reason="投诉", basis="实施条例 62")
    if given == "ended":
        cast.agency.do("procedures.terminate_lot", lot=world.lot, reason="规划调整", basis="实施条例 31")
    refused = 0
    for this in [one for one in COMMANDS.values() if one.facts.get("lot_act")]:
        for player in (cast.agency, cast.owner, cast.bidder, cast.supervisor):
            why = acting.why_not(this.act, world.lot, player.actor, world.clock())
            door = _door(this.act, world.lot, player)
            if why is not None:
                assert door == why.code, (this.act, player.login)
                refused += 1
            else:
                assert door not in ASKED, (this.act, player.login)
    assert refused > 100


def test_a_login_without_certificate_is_told_on_the_button_that_the_act_needs_one(lot_at):
    world = lot_at("announced")
    weak = dataclasses.replace(world.cast.agency.actor, strength="password", certificate="")
    why = acting.why_not("procedures.terminate_lot", world.lot, weak, world.clock())
    assert why is not None and why.code == "access.needs-certificate"
    assert acting.why_not("procedures.terminate_lot", world.lot, world.cast.agency.actor, world.clock()) is None


def test_timers_own_nothing_and_hold_no_part_but_standing_and_phase_bind_them(lot_at):
    world = lot_at("announced")
    why = acting.why_not("opening.open_hall", world.lot, SYSTEM, world.clock())
    assert why is not None and why.code == "procedures.wrong-phase"
    facts = queries.lot(world.lot)
    this = dataclasses.replace(COMMANDS["procedures.terminate_lot"], by=frozenset({"system"}))
    assert acting.admitted(this, facts, SYSTEM, world.clock()) == SYSTEM


def test_the_conditions_of_an_act_are_written_once():
    source = inspect.getsource(acting)
    for question in ("may_stand(", "require_part(", "WRONG_PHASE(", "require_not_held("):
        assert source.count(question) == 1, question

"""Every command, generated from the register: twice with one key acts once; on a suspended or ended lot it does not act."""

import inspect
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from tests import journey
from tests.played import played

from mingzheng.kernel.actor import Actor, SignedAct
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger import writing
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.procedures import queries as procedures

kept_submitted, submitted = played("submitted")
LOT_ACTS = sorted(name for name, one in COMMANDS.items() if one.facts.get("lot_act") and name.startswith(tuple(
    f"{stage}." for stage in ("procedures", "tendering", "deposits", "bidding", "opening", "evaluation", "award", "archiving")
)))  # fmt: skip


def _any(wanted: Any, lot: UUID) -> Any:
    """Some value of the annotated type: what matters is refused before it is read."""
    origin, args = get_origin(wanted), get_args(wanted)
    if origin in (UnionType, Union):
        return _any(args[0], lot)
    if origin in (list, tuple):
        return origin()
    simple = {UUID: lot, str: "x", int: 1, bool: False, Decimal: Decimal(1), dict: {}}
    if wanted in (datetime, date):
        return datetime.fromisoformat("2026-04-01T09:00:00+08:00")
    return simple.get(wanted, {} if origin is dict else None)


def _call(world: journey.World, act: str, key: str) -> Any:
    """The command, called as somebody whom it lets act: by role, by part, by ownership."""
    command = COMMANDS[act]
    role = next(
        (one for one in ("agency", "bidder", "expert", "centre_staff", "supervisor", "archivist") if one in command.by),
        None,
    )
    players = {
        "agency": world.cast.agency, "bidder": world.cast.bidder, "expert": world.cast.experts[0],
        "centre_staff": world.cast.staff, "supervisor": world.cast.supervisor, "archivist": world.cast.archivist,
    }  # fmt: skip
    actor = players[role].actor if role else Actor(roles=frozenset(command.by), strength="system")
    if command.binds and role:
        signed = SignedAct(act, key, "{}", "signature", actor.certificate)
        actor = Actor(**{**{n: getattr(actor, n) for n in Actor.__slots__}, "signed": signed})
    hints = get_type_hints(command.function)
    given = {
        name: world.lot if name == "lot" else _any(hints[name], world.lot)
        for name, parameter in command.fields.items() if name == "lot" or parameter.default is inspect.Parameter.empty
    }  # fmt: skip
    return command.call(actor=actor, key=key, **given)


@pytest.mark.parametrize(
    "act",
    [one for one in LOT_ACTS if not COMMANDS[one].facts["while_suspended"] and not COMMANDS[one].facts["after_end"]],
)
def test_no_act_runs_on_a_suspended_lot_or_on_a_terminated_one(submitted, act):
    world = submitted
    world.cast.supervisor.do("procedures.suspend_lot", lot=world.lot, reason="接到投诉", basis="招标投标法实施条例 62")
    with pytest.raises(Refused) as refused:
        _call(world, act, "nonce-suspended")
    assert refused.value.code == "procedures.lot-suspended"
    world.cast.owner.do("procedures.terminate_lot", lot=world.lot, reason="项目取消", basis="招标投标法实施条例 31")
    with pytest.raises(Refused) as refused:
        _call(world, act, "nonce-terminated")
    assert refused.value.code == "procedures.lot-ended"


def test_only_resuming_ending_and_complaints_run_on_a_suspended_lot():
    """And what runs after the end: refunds, the archive, complaints."""
    running = {one for one in LOT_ACTS if COMMANDS[one].facts["while_suspended"]}
    after = {one for one in LOT_ACTS if COMMANDS[one].facts["after_end"]}
    assert {"procedures.resume_lot", "procedures.terminate_lot", "tendering.file_complaint"} <= running
    assert {"deposits.confirm_refund", "deposits.refund_after_termination", "archiving.close_file"} <= after
    people = {one for one in running | after if not COMMANDS[one].by <= {"system"}}
    assert not {one for one in people if one.startswith(("bidding.", "opening.", "evaluation.", "award."))}


def test_a_double_click_on_any_act_of_the_whole_journey_answers_the_same_and_acts_once(db, world, monkeypatch):
    """Every command of the journey is called twice with one key as it happens; the second only answers."""
    again: dict[str, int] = {}
    real = writing._run

    def twice(this, before, evidence, actor, key, arguments):
        first = real(this, before, evidence, actor, key, arguments)
        if key and not first.again:
            second = real(this, before, evidence, actor, key, arguments)
            assert second.again, this.act
            assert (second.events, second.entries, second.at) == (first.events, first.entries, first.at), this.act
            again[this.act] = again.get(this.act, 0) + 1
        return first

    monkeypatch.setattr(writing, "_run", twice)
    journey.bring(world, "contracted", announce={"document": {"method": "weighted", "price_ceiling": "186000000.00"}})
    world.clock.forward(days=1)
    world.cast.archivist.do("archiving.close_file", lot=world.lot)
    assert world.phase == "archived"
    assert {name.partition(".")[0] for name in again} == {
        "procedures", "issuing", "tendering", "deposits", "bidding", "opening", "evaluation", "award", "archiving",
    }  # fmt: skip
    assert len(again) >= 35
    closed = [b.id for b in procedures.documents(world.lot) if b.kind == "award_notice"]
    assert len(closed) == 1

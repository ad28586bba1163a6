"""Suspending and resuming: only with reason and basis, everything stops, and goes on where it was."""

from datetime import timedelta

import pytest
from tests.journey import STEPS, enrol, register

from mingzheng.kernel import ports
from mingzheng.ledger.reading import stream_entries
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.award import queries as awards
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import acting, kinds, models, queries
from mingzheng.stages.procedures.web import lotpage
from mingzheng.stages.tendering import queries as tendering

pytestmark = pytest.mark.django_db


@pytest.mark.clause("LN-9-2-4")
def test_supervision_stops_a_lot_only_with_reason_and_basis_and_all_parties_see_both_until_a_decision(lot_at, client):
    world = lot_at("announced")
    supervisor = world.cast.supervisor
    for given in ({"reason": "", "basis": "招标投标法 7"}, {"reason": "投诉", "basis": ""}):
        assert (
            supervisor.refused("procedures.suspend_lot", lot=world.lot, **given).code
            == "procedures.reason-and-basis-needed"
        )
    for given in ({"reason": "", "basis": "x"}, {"reason": "x", "basis": ""}):
        refused = world.cast.agency.refused("procedures.terminate_lot", lot=world.lot, **given)
        assert refused.code == "procedures.reason-and-basis-needed"
    assert world.facts.standing == "running"

    supervisor.do("procedures.suspend_lot", lot=world.lot, reason="有投诉正在处理", basis="实施条例 62")
    last = stream_entries(f"lot:{world.lot}")[-1]
    assert (last.event.reason, last.event.basis) == ("有投诉正在处理", "实施条例 62")
    assert last.actor["person"] == str(supervisor.person)
    world.settle()
    shown = client.get(f"/lots/{world.lot}").content.decode()
    assert "有投诉正在处理" in shown
    assert "实施条例 62" in shown

    assert (
        supervisor.refused("procedures.resume_lot", lot=world.lot, decision="").code
        == "procedures.reason-and-basis-needed"
    )
    assert world.facts.standing == "suspended"
    supervisor.do("procedures.resume_lot", lot=world.lot, decision="投诉不成立，恢复")
    assert world.facts.standing == "running"
    assert stream_entries(f"lot:{world.lot}")[-1].event.decision == "投诉不成立，恢复"


@pytest.mark.clause("GF-6.5.5-3")
def test_while_a_lot_is_suspended_no_act_of_any_stage_runs_but_those_made_for_it(lot_at):
    world = lot_at("announced")
    cast, actors = world.cast, {}
    world.cast.supervisor.do("procedures.suspend_lot", lot=world.lot, reason="投诉", basis="实施条例 62")
    for player in (
        cast.agency,
        cast.owner,
        cast.bidder,
        cast.experts[0],
        cast.staff,
        cast.witness,
        cast.supervisor,
        cast.archivist,
    ):
        actors.update({role: player.actor for role in player.actor.roles if role not in actors})
    tried = set()
    for one in (one for one in COMMANDS.values() if one.facts.get("lot_act")):
        if one.facts["while_suspended"] or one.facts["after_end"] or one.by == {"system"} or one.facts["part"]:
            continue
        actor = next(actors[role] for role in ("agency", *sorted(one.by)) if role in one.by and role in actors)
        why = acting.why_not(one.act, world.lot, actor, world.clock())
        assert why is not None and why.code == "procedures.lot-suspended", one.act
        tried.add(one.act.partition(".")[0])
    assert {"procedures", "tendering", "bidding", "deposits", "opening", "evaluation", "award"} <= tried | {"opening"}


def test_a_suspended_lot_keeps_the_time_its_clocks_had_left(lot_at):
    world = lot_at("announced")
    left = world.deadline - world.clock()
    world.clock.forward(days=3)
    world.cast.supervisor.do("procedures.suspend_lot", lot=world.lot, reason="投诉", basis="实施条例 62")
    assert queries.clock(world.lot, "bid_deadline").state == "paused"
    world.clock.forward(days=40)
    assert queries.due("bid_deadline", world.clock()) == []
    world.cast.supervisor.do("procedures.resume_lot", lot=world.lot, decision="恢复")
    assert world.deadline - world.clock() == left - timedelta(days=3)
    assert world.phase == "announced"


@pytest.mark.clause("GF-6.5.5-3", "GF-6.5.5-4")
def test_a_suspension_drafts_its_notice_for_the_media_tells_everybody_and_lists_who_is_to_be_called(
    lot_at, monkeypatch
):
    world = lot_at("announced")
    enrol(world)
    cast, carrier = world.cast, ports.get("messages")["sms"]
    dead = parties.person(cast.rival.person).phone
    real = carrier.send

    def send(**given):
        if given["address"] == dead:
            raise ConnectionError("no such number")
        return real(**given)

    monkeypatch.setattr(carrier, "send", send)
    cast.supervisor.do("procedures.suspend_lot", lot=world.lot, reason="有投诉正在处理", basis="实施条例 62")
    world.settle("none")
    (draft,) = [one for one in queries.documents(world.lot) if one.kind == "suspension_notice"]
    assert not draft.public
    assert tendering.media(world.lot) and not [one for one in tendering.media(world.lot) if one.document == draft.id]
    cast.agency.do("tendering.publish_suspension", lot=world.lot)
    world.settle("send_media")
    assert queries.document(draft.id).public
    sent = [one for one in tendering.media(world.lot) if one.document == draft.id]
    assert sent and all(one.received_at for one in sent)

    for _ in range(6):
        world.settle("send_messages")
        world.clock.forward(hours=2)
    told = [one for one in notifying.states(world.lot) if one["topic"] == "suspended"]
    everybody = {cast.owner.person, cast.agency.person, *(one.person for one in cast.bidders[:3])}
    assert {one["person"].id for one in told} >= everybody
    assert all({"in_site", "sms"} <= set(one["channels"]) for one in told)
    states = {one["person"].id: one["channels"]["sms"] for one in told}
    assert states[cast.rival.person] == "failed"
    assert states[cast.bidder.person] in ("sent", "delivered")
    assert [one["person"].id for one in notifying.to_call(world.lot)] == [cast.rival.person]
    assert (
        cast.agency.refused("procedures.resume_lot", lot=world.lot, decision="").code
        == "procedures.reason-and-basis-needed"
    )


@pytest.mark.clause("GF-6.5.6-1")
def test_a_lot_suspended_while_bids_are_decrypted_goes_on_there_with_the_time_that_was_left(lot_at):
    world = lot_at("opening")
    cast = world.cast
    cast.agency.do("opening.start_decryption", lot=world.lot)
    world.clock.forward(minutes=4)
    left = world.due("decryption_ends") - world.clock()
    cast.agency.do("procedures.suspend_lot", lot=world.lot, reason="停电", basis="不可抗力，GF-6.5.6")
    kept = stream_entries(f"lot:{world.lot}")[-1]
    assert (kept.event.reason, kept.event.phase) == ("停电", "opening")
    assert kept.actor["person"] == str(cast.agency.person)
    offer = world.offers["jia"]
    key = {"lot": world.lot, "bid": offer.bid, "content_key": offer.key}
    assert offer.player.refused("opening.release_key", **key).code == "procedures.lot-suspended"
    world.clock.forward(hours=3)
    world.settle("end_decryption")
    assert opening.opening(world.lot).phase == "decryption"
    cast.agency.do("procedures.resume_lot", lot=world.lot, decision="已恢复供电")
    assert world.due("decryption_ends") - world.clock() == left
    assert (world.phase, opening.opening(world.lot).phase) == ("opening", "decryption")
    back = stream_entries(f"lot:{world.lot}")[-1]
    assert (back.event.decision, back.actor["person"]) == ("已恢复供电", str(cast.agency.person))
    assert offer.player.do("opening.release_key", **key).event


@pytest.mark.clause("RG-6.1")
def test_the_rail_of_a_lot_shows_its_stages_in_order_with_times_and_none_can_be_left_out(world):
    register(world)
    cast = world.cast
    early = {
        "evaluation.form_committee": cast.agency, "award.publish_candidates": cast.agency, "award.decide_award": cast.agency,
        "award.issue_notices": cast.agency, "opening.start_decryption": cast.agency,
    }  # fmt: skip
    for act, player in early.items():
        assert acting.why_not(act, world.lot, player.actor, world.clock()) is not None, act
    assert cast.agency.refused("award.publish_candidates", lot=world.lot).code == "procedures.wrong-phase"
    for name, step in STEPS[1:8]:
        step(world)
        if name in ("announced", "opened"):
            assert cast.agency.refused("award.decide_award", lot=world.lot).code == "procedures.wrong-phase"
    rows = lotpage.stages_of(queries.lot(world.lot))
    wanted = ["前期准备", "项目登记", *[one.zh for one in kinds.kind("works_tender").stages][2:8]]
    assert [row["label"] for row in rows][:8] == wanted
    times = [row["at"] for row in rows[:8]]
    assert all(times) and times == sorted(times)
    assert rows[0]["state"] == "done"


@pytest.mark.clause("GF-3.7")
def test_whoever_wins_is_called_on_the_award_what_the_kind_calls_it_over_one_structure(lot_at, client):
    world = lot_at("awarded")
    award = next(e.event for e in stream_entries(f"lot:{world.lot}") if e.kind == "award.award-decided")
    assert award.winner_name
    row = models.Procedure.objects.get(pk=world.procedure)
    for kind, called in (("works_tender", "中标人"), ("negotiation", "成交供应商"), ("property_transfer", "受让人")):
        models.Procedure.objects.filter(pk=row.pk).update(kind=kind)
        text = client.get(f"/lots/{world.lot}/award").content.decode()
        assert f"<dt>{called}</dt><dd>{award.winner_name}</dd>" in text
        assert awards.award(world.lot).winner_name == award.winner_name


@pytest.mark.clause("LN-3.12")
def test_only_a_witness_of_the_centre_is_assigned_to_a_lot_and_the_record_says_of_which_centre(lot_at):
    world = lot_at("announced")
    cast = world.cast
    for player in (cast.agency, cast.owner, cast.bidder, cast.experts[0], cast.supervisor):
        refused = cast.staff.refused("procedures.appoint_person", lot=world.lot, part="witness", person=player.person)
        assert (refused.code, refused.kind.source) == ("procedures.witness-not-of-centre", "LN-3.12")
    assert "witness" not in queries.parts(world.lot)
    told = cast.staff.do("procedures.appoint_person", lot=world.lot, part="witness", person=cast.witness.person).event
    assert (told.person, told.centre) == (cast.witness.person, "云州市公共资源交易中心")
    assert queries.parts(world.lot)["witness"][0] == cast.witness.person

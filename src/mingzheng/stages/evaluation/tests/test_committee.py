"""The committee: who may form it, how it is drawn, what members may do, and the report they sign."""

import json
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection
from tests import journey
from tests.contracts.pdf_text import text_of
from tests.people import Player
from tests.played import played

from mingzheng.adapters.crypto import acts, certificates
from mingzheng.kernel import drawing, ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.ids import random_id
from mingzheng.kernel.numbering import demo_uscc
from mingzheng.ledger.entries import opened as unsealed
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.evaluation import queries
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.parties import commands as parties
from mingzheng.stages.parties import queries as people
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering

kept_opened, opened = played("opened")
kept_weighted, weighted = played(
    "opened", "weighted", announce={"document": {"method": "weighted", "price_ceiling": "186000000.00"}}
)
kept_hall, hall = played("opening", "hall")


def _committee(world):
    return stream_entries(stored_stream(f"committee:{world.lot}"))


def _said(world, kind):
    return [one.event for one in _committee(world) if one.kind == kind]


@pytest.mark.clause("RG-7.4.1-2")
def test_a_draw_can_be_drawn_again_from_its_record_wrong_sizes_are_refused_and_the_avoided_are_never_drawn(opened):
    world, agency = opened, opened.cast.agency
    avoided = parties.add_person(
        actor=SYSTEM, organisation=world.cast.experts[0].organisation, name="贺兰因", login="expert-of-jia", phone="0990-1",
        profile={"employer": world.cast.by_login("jia").organisation_name, "specialties": ["市政工程"], "title": "高级工程师"},
        roles=["expert"],
    ).events[0].person  # fmt: skip
    assert agency.refused("evaluation.form_committee", lot=world.lot, count=4).code == "evaluation.committee-size"
    assert agency.refused("evaluation.form_committee", lot=world.lot, count=3).code == "evaluation.committee-size"
    two = [world.cast.owner.person, world.cast.agency.person]
    assert (
        agency.refused("evaluation.form_committee", lot=world.lot, count=5, representatives=two).code
        == "evaluation.expert-share"
    )
    refused = agency.refused(
        "evaluation.form_committee", lot=world.lot, direct_reason="技术复杂", reason="膜处理工艺复杂",
        experts=[avoided, *(one.person for one in world.cast.experts[:4])],
    )  # fmt: skip
    assert refused.code == "evaluation.conflict"
    assert agency.refused("evaluation.form_committee", lot=world.lot, count=9).code == "evaluation.pool-too-small"
    agency.do("evaluation.form_committee", lot=world.lot, count=7)
    (formed,) = _said(world, "evaluation.committee-formed")
    assert formed.recused["bidder"] == 1
    assert all(drawing.verify(record) for record in formed.draw["draws"])
    assert [UUID(record["choice"]) for record in formed.draw["draws"]] == [
        UUID(one["person"]) for one in formed.members
    ]
    assert str(avoided) not in {one["person"] for one in formed.members}


def _other_agency():
    """An agency that has nothing to do with the lot."""
    name, code, login = "寅卯招标代理有限公司", demo_uscc("990100", "MB000777"), f"other{random_id().hex[:8]}"
    house, person = parties.register_organisation(
        actor=SYSTEM, name=name, code=code, kinds=["agency"], person_name="容止", login=login
    ).events[:2]
    player = Player.__new__(Player)
    player.member = SimpleNamespace(name="容止", house=SimpleNamespace(name=name, code=code))
    player.person, player.organisation, player.login = person.person, house.organisation, login
    player.private, player.certificate = player._key()
    player.fingerprint = certificates.fingerprint(player.certificate)
    return player


@pytest.mark.clause("GF-6.5.3-3", "LN-7.1.3-2-3")
def test_only_the_lots_owner_starts_a_draw_only_after_the_opening_and_its_record_says_how(opened):
    world = opened
    for player in (world.cast.staff, world.cast.by_login("jia"), world.cast.supervisor):
        refused = player.refused("evaluation.form_committee", lot=world.lot)
        assert refused.kind.status == 403
    refused = _other_agency().refused("evaluation.form_committee", lot=world.lot)
    assert (refused.code, refused.kind.status) == ("procedures.not-owner", 403)
    world.cast.agency.do("evaluation.form_committee", lot=world.lot, specialties=["市政工程"])
    (formed,) = _said(world, "evaluation.committee-formed")
    entry = next(one for one in _committee(world) if one.kind == "evaluation.committee-formed")
    assert (formed.lot, formed.method, entry.at) == (world.lot, "drawn", world.clock.moment)
    assert formed.recused["specialty"] > 0
    _, inner = _inner(entry)
    conditions = json.loads(json.loads(inner)["signature"]["text"])["fields"]
    assert (conditions["lot"], conditions["specialties"]) == (str(world.lot), ["市政工程"]), "signed with the draw"
    assert all("seed" in record and record["purpose"].startswith(str(world.lot)) for record in formed.draw["draws"])


@pytest.mark.clause("GF-6.5.3-3")
def test_no_committee_is_drawn_before_the_opening_has_ended(hall):
    assert hall.cast.agency.refused("evaluation.form_committee", lot=hall.lot).code == "procedures.wrong-phase"


def test_naming_experts_directly_needs_one_of_the_three_legal_reasons(opened):
    named = [one.person for one in opened.cast.experts[:5]]
    refused = opened.cast.agency.refused(
        "evaluation.form_committee", lot=opened.lot, experts=named, direct_reason="方便"
    )
    assert refused.code == "evaluation.direct-reason-needed"
    opened.cast.agency.do(
        "evaluation.form_committee", lot=opened.lot, experts=named, direct_reason="技术复杂", reason="膜处理工艺"
    )
    assert _said(opened, "evaluation.committee-formed")[0].method == "direct"


@pytest.mark.clause("LN-7.2.3-1")
def test_all_members_vote_a_tie_begins_again_a_majority_elects_and_a_representative_never_chairs(opened):
    world = opened
    world.cast.agency.do("evaluation.form_committee", lot=world.lot, count=5, representatives=[world.cast.owner.person])
    members = journey.members(world)
    for player in members:
        player.do("evaluation.sign_in_member", lot=world.lot)
        player.do("evaluation.declare", lot=world.lot)
    seat = next(one.seat for one in queries.evaluation(world.lot).seats if one.kind == "representative")
    assert (
        members[0].refused("evaluation.vote_chair", lot=world.lot, seat=seat).code
        == "evaluation.representative-no-chair"
    )
    for player, vote in zip(members, (1, 1, 2, 2, 3), strict=True):
        player.do("evaluation.vote_chair", lot=world.lot, seat=vote)
    assert queries.evaluation(world.lot).chair is None
    assert _said(world, "evaluation.chair-vote-cast")[-1].tie is True
    assert world.cast.agency.refused("evaluation.start_evaluation", lot=world.lot).code == "evaluation.not-ready"
    for player, vote in zip(members, (2, 1, 2, 2, 3), strict=True):
        player.do("evaluation.vote_chair", lot=world.lot, seat=vote)
    assert queries.evaluation(world.lot).chair == 2
    assert _said(world, "evaluation.chair-vote-cast")[-1].elected == 2
    assert len(_said(world, "evaluation.chair-vote-cast")) == 10


@pytest.mark.clause("RG-7.4.2-b-1")
def test_criteria_are_those_of_the_published_documents_and_no_score_leaves_them(weighted):
    world = weighted
    journey.committee(world)
    started = next(
        one.event for one in stream_entries(f"lot:{world.lot}") if one.kind == "evaluation.evaluation-started"
    )
    published = next(
        one.event for one in stream_entries(f"lot:{world.lot}") if one.kind == "tendering.notice-published"
    )
    assert started.criteria_digest == published.criteria_digest
    tender, member = tendering.tender(world.lot), journey.members(world)[0]
    items = [one for one in tender.criteria if one.kind != "price"]
    bids = [str(one.bid) for one in opening.opened_bids(world.lot)]
    good = {bid: {one.id: "1.00" for one in items} for bid in bids}
    for wrong in (
        {bids[0]: {**good[bids[0]], items[0].id: format(items[0].full + 1, "f")}}, {bids[0]: {**good[bids[0]], items[0].id: "-0.01"}},
        {bids[0]: {**good[bids[0]], "another-item": "1"}}, {str(world.lot): good[bids[0]]}, {bids[0]: {items[0].id: "0.001"}},
    ):  # fmt: skip
        refused = member.refused("evaluation.commit_scores", lot=world.lot, scores={**good, **wrong}, opinions={})
        assert refused.code == "evaluation.score-out-of-range", wrong
    member.do("evaluation.commit_scores", lot=world.lot, scores=good, opinions={})


@pytest.mark.clause("RG-7.4.2-b-2", "LN-3.2-5")
def test_the_report_is_final_only_when_every_member_has_signed_or_dissented_and_tells_everything(weighted):
    world = weighted
    journey.committee(world)
    members = journey.members(world)
    for player in members:
        journey.score(world, player, reject=("bing",))
    for player in members[:-1]:
        journey.sign(world, player)
        assert queries.report(world.lot) is None
    assert [one.signed_at is not None for one in queries.evaluation(world.lot).seats] == [True] * 4 + [False]
    assert world.cast.agency.refused("award.publish_candidates", lot=world.lot).code in (
        "procedures.wrong-phase",
        "award.no-report",
    )
    journey.sign(world, members[-1], dissent="对业绩评分有不同意见")
    report = queries.report(world.lot)
    assert [one.rank for one in report.ranking] == [1, 2]
    assert [one["bidder_name"] for one in report.rejected] == [world.cast.by_login("bing").organisation_name]
    paper = procedures.document(report.report_document)
    text = text_of(ports.get("store").read(paper.object)).replace("\\n", "").replace(" ", "")
    for wanted in (
        *(p.name for p in members),
        "对业绩评分有不同意见",
        "未响应招标文件的实质性要求",
        *(one.bidder_name for one in report.ranking),
    ):
        assert wanted in text, wanted
    for one in report.ranking:
        assert one.score in text
    assert set(paper.signers) == {f"{seat} 号席" for seat in range(1, len(members) + 1)}


@pytest.mark.clause("LN-9-2-1")
def test_a_supervisor_never_sits_on_a_committee_and_cannot_score(opened):
    world = opened
    refused = world.cast.agency.refused(
        "evaluation.form_committee", lot=world.lot, representatives=[world.cast.supervisor.person]
    )
    assert refused.code == "evaluation.conflict"
    journey.committee(world)
    refused = world.cast.supervisor.refused("evaluation.commit_scores", lot=world.lot, scores={}, opinions={})
    assert refused.kind.status == 403


@pytest.mark.clause("LN-5.4.9-2")
def test_every_experts_signature_under_the_report_verifies_and_an_expired_certificate_signs_nothing(opened):
    world = opened
    journey.committee(world)
    for player in journey.members(world):
        journey.score(world, player)
    before = world.clock.moment
    late = journey.members(world)[0]
    end = certificates.facts(late.certificate).not_after
    world.at(end, seconds=1)
    assert late.refused(
        "evaluation.sign_report", lot=world.lot, report=queries.evaluation(world.lot).report
    ).code.startswith("certificate.")
    world.at(before)
    for player in journey.members(world):
        journey.sign(world, player)
    signed = [one for one in _committee(world) if one.kind == "evaluation.report-signed"]
    assert len(signed) == 5
    trust = ports.get("certificates").trust
    for entry, player in zip(signed, journey.members(world), strict=True):
        _, inner = _inner(entry)
        signature = json.loads(inner)["signature"]
        pem = people.certificate(signature["certificate"]).pem
        certificates.check_certificate(pem, before, trust, set())
        acts.verify_act(signature["text"], signature["value"], pem)
        assert signature["certificate"] == player.fingerprint
        assert entry.event.report_digest


def _inner(entry):
    """Salt and inner text of a sealed entry, as an archive shows them."""
    with connection.cursor() as cursor:
        cursor.execute("select box from ledger_hidden where stream = %s and number = %s", [entry.stream, entry.number])
        return unsealed(entry.stream, cursor.fetchone()[0])


def test_a_member_who_stands_back_cannot_score_and_is_replaced_by_another_draw(opened):
    world = opened
    world.cast.agency.do("evaluation.form_committee", lot=world.lot)
    gone = journey.members(world)[2]
    gone.do("evaluation.sign_in_member", lot=world.lot)
    assert gone.refused("evaluation.declare", lot=world.lot, recuse=True).code == "evaluation.reason-missing"
    gone.do("evaluation.declare", lot=world.lot, recuse=True, reason="曾在投标人处任职")
    assert gone.refused("evaluation.vote_chair", lot=world.lot, seat=1).code == "evaluation.recused"
    world.cast.agency.do("evaluation.replace_member", lot=world.lot, seat=3, cause="recusal", reason="回避")
    assert gone.person not in {one.person for one in journey.members(world)}
    assert gone.refused("evaluation.vote_chair", lot=world.lot, seat=1).code == "evaluation.not-a-member"

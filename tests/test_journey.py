"""One works tender from registration to the archive, on line only, each party with an account of its own."""

import re

import pytest
from tests.journey import STEPS, announce, register

from mingzheng.adapters.crypto.acts import verify_act
from mingzheng.kernel import ports
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries, whole
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering

pytestmark = pytest.mark.django_db

# the stages of a lot, in order, with the event that begins each and whose account may write it
STAGES = (
    ("registered", "procedures.lot-registered", {"staff"}),
    ("announced", "tendering.notice-published", {"agency"}),
    ("closed", "bidding.bidding-closed", {"system"}),
    ("opening", "opening.hall-opened", {"system"}),
    ("opened", "opening.opening-ended", {"agency"}),
    ("evaluation", "evaluation.evaluation-started", {"agency"}),
    ("evaluated", "evaluation.evaluation-finished", {"expert"}),  # in the committee's chain, opened with the archive
    ("publicity", "award.candidates-published", {"agency"}),
    ("awarded", "award.award-decided", {"agency"}),
    ("contracted", "award.contract-signed", {"bidder"}),
    ("archived", "archiving.file-closed", {"archivist"}),
)


def fetched(client, paper):
    """A paper's bytes as anybody downloads them."""
    return b"".join(client.get(f"/documents/{paper}.pdf").streaming_content)


def as_acted(entry, lot):
    """The entry that says who acted: of a committee's act it stands in the committee's own chain."""
    if entry.actor["strength"] != "system" or not entry.kind.startswith(("evaluation.", "procedures.document-filed")):
        return entry
    acts = [one for one in stream_entries(stored_stream(f"committee:{lot}")) if one.at == entry.at]
    return acts[0] if acts else entry


def whose(entry, cast):
    """Which part of the cast wrote an entry."""
    person = entry.actor["person"]
    if person is None:
        return "system"
    accounts = {
        str(cast.agency.person): "agency", str(cast.owner.person): "owner", str(cast.staff.person): "staff",
        str(cast.archivist.person): "archivist", **{str(one.person): "bidder" for one in cast.bidders},
        **{str(one.person): "expert" for one in cast.experts},
    }  # fmt: skip
    return accounts[person]


@pytest.mark.clause("RG-3.1", "GF-4.1-2", "GF-8-1", "LN-3.3-1")
def test_a_works_lot_runs_on_line_from_registration_to_archive_with_state_actor_and_time_of_every_stage(world, client):
    cast = world.cast
    register(world)
    cast.agency.do("tendering.request_template", lot=world.lot, template="works_lowest")
    cast.agency.do(
        "tendering.save_draft", lot=world.lot, document={"scope": "新建二沉池及配套管网", "period_days": 400}
    )
    draft = tendering.draft(world.lot)
    announce(world, document=draft["document"], template=draft["template"])
    tender = tendering.tender(world.lot)
    assert (tender.fields["scope"], tender.period_days) == ("新建二沉池及配套管网", 400), "edited in the system"
    assert fetched(client, tender.tender_document)[:5] == b"%PDF-", "generated, published and exported"
    for _, step in STEPS[2:]:
        step(world)
    assert world.phase == "archived"
    entries = stream_entries(stored_stream(f"lot:{world.lot}"))
    reached = procedures.reached(world.lot)
    times = []
    for phase, kind, accounts in STAGES:
        entry = next(one for one in entries if one.kind == kind)
        assert whose(as_acted(entry, world.lot), cast) in accounts, kind
        assert entry.actor["strength"] in ("certificate", "system")
        assert reached[phase] == entry.at, phase
        times.append(entry.at)
    assert times == sorted(times)
    assert procedures.holds(world.lot) == [], "no step is left open"
    assert procedures.procedure(world.procedure).channel == "online"
    accounts = {one.person for one in (cast.owner, cast.agency, *cast.bidders[:3], *cast.experts)}
    assert len(accounts) == 2 + 3 + len(cast.experts), "each acts with an account of its own"
    assert "award.notices-issued" in {one.kind for one in entries}


@pytest.mark.clause("GF-3.5-2")
def test_every_paper_of_a_finished_lot_is_what_its_entry_says_and_was_made_by_a_signed_act(lot_at):
    world = lot_at("contracted")
    filed = {
        one.event.document: one for one in stream_entries(stored_stream(f"lot:{world.lot}"))
        if one.kind == "procedures.document-filed"
    }  # fmt: skip
    papers = procedures.documents(world.lot)
    assert {one.kind for one in papers} >= {
        "tender_notice",
        "tender_document",
        "opening_record",
        "evaluation_report",
        "contract",
    }
    for paper in papers:
        stored = ports.get("store").stat(paper.object)
        assert stored.digest == paper.digest == filed[paper.id].event.digest
        act = as_acted(filed[paper.id], world.lot)
        certificate = act.actor["certificate"]
        assert parties.certificate(certificate).person is not None
        assert paper.made_at == filed[paper.id].at, paper.kind
        signature = whole(act.stream, act.number)["signature"]
        verify_act(signature["text"], signature["value"], parties.certificate(signature["certificate"]).pem)
    unsigned = [one.kind for one in papers if not one.signers]
    assert unsigned == ["evaluation_report"], "the draft that members then signed"


@pytest.mark.clause("GF-6.7.2")
def test_an_anonymous_search_by_project_code_leads_to_notice_clarification_publicity_and_result_of_the_lot(
    lot_at, client
):
    world = lot_at("announced")
    world.cast.agency.do("tendering.publish_clarification", lot=world.lot, changes=["图纸 S-14 更新。"])
    for _, step in STEPS[2:8]:
        step(world)
    world.settle("nothing")
    assert world.phase == "awarded"
    found = client.get("/search", {"q": world.facts.procedure_number}).content.decode()
    (link,) = set(re.findall(r'href="(/lots/[0-9a-f-]{36})"', found))
    assert link == f"/lots/{world.lot}"
    shown = client.get(link).content.decode()
    papers = {one.kind: one for one in procedures.documents(world.lot, public_only=True)}
    for kind in ("tender_notice", "clarification", "candidate_publicity", "result_announcement"):
        assert f"/documents/{papers[kind].id}.pdf" in shown, kind
        assert fetched(client, papers[kind].id)[:5] == b"%PDF-"

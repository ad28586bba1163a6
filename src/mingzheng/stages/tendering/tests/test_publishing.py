"""Notice and tender documents: who publishes, what the rules refuse, what is kept."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.journey import announce, announce_weighted, register
from tests.walls.looking import visitor

from mingzheng.adapters.crypto.acts import verify_act
from mingzheng.kernel import digest, ports
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import formulas, periods
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import checks, queries, rules

pytestmark = pytest.mark.django_db


def entries(world, kind):
    return [one for one in stream_entries(stored_stream(f"lot:{world.lot}")) if one.kind == kind]


def test_a_notice_published_with_no_more_than_a_confirmation_takes_the_rest_from_template_and_registration(lot_at):
    world = lot_at("announced")
    tender = queries.tender(world.lot)
    assert (tender.method, tender.template, tender.version) == ("lowest_price", "works_lowest", 1)
    assert tender.fields["scope"] == "构筑物、管道及设备安装"
    assert tender.deposit_amount == Decimal("800000.00")  # two per cent of 186 million is above the cap
    assert tender.fields["funds"] == "财政资金 60%，企业自筹 40%"
    assert {"documents_until", "question_deadline", "bid_deadline"} <= set(procedures.clocks(world.lot))
    assert world.phase == "announced"


def test_the_digests_of_a_notice_are_those_of_its_fields_and_of_its_paper(lot_at):
    world = lot_at("announced")
    tender, published = queries.tender(world.lot), entries(world, "tendering.notice-published")[0].event
    paper = procedures.document(tender.tender_document)
    with ports.get("store").open(paper.object) as file:
        assert digest.of(file.read()) == published.document_digest == tender.document_digest
    assert published.criteria_digest == queries.document_fields(world.lot).criteria_digest()
    assert published.content_digest == tender.content_digest


@pytest.mark.clause("RG-7.2.1-2")
def test_a_deadline_one_second_short_of_twenty_days_is_refused_with_its_rule_and_one_at_the_limit_is_accepted(world):
    register(world)
    pack = checks.pack_of(world.facts)
    limit = periods.bid_preparation(pack, documents_from=world.clock(), bid_deadline=world.clock()).earliest
    refused = world.cast.agency.refused(
        "tendering.publish_notice", lot=world.lot, confirmation=rules.CONFIRMATION_VERSION,
        bid_deadline=limit - timedelta(seconds=1),
    )  # fmt: skip
    assert refused.code == "tendering.reason-needed"
    assert refused.facts["rules"] == ["ZB-12"]
    assert "招标投标法 24" in refused.facts["findings"]
    announce(world, bid_deadline=limit)
    assert world.deadline == limit


def test_a_finding_that_asks_for_a_reason_is_published_with_it_and_both_are_kept(world):
    register(world)
    early = world.clock() + timedelta(days=12)
    announce(world, bid_deadline=early, reasons={"ZB-12": "应急抢险工程，经主管部门同意缩短"})
    published = entries(world, "tendering.notice-published")[0].event
    assert published.reasons == {"ZB-12": "应急抢险工程，经主管部门同意缩短"}
    assert [one["ok"] for one in published.findings if one["rule"] == "ZB-12"] == [False]


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        ({"deposit_amount": "800000.01"}, "BZ-02"),
        ({"price_floor": "1000000"}, "ZB-15"),
        ({"bid_validity_days": 0}, "ZB-16"),
    ],
)
def test_what_the_law_tells_the_platform_to_refuse_no_reason_can_publish(world, document, rule):
    register(world)
    refused = world.cast.agency.refused(
        "tendering.publish_notice", lot=world.lot, confirmation=rules.CONFIRMATION_VERSION, document=document,
        reasons={rule: "有理由"},
    )  # fmt: skip
    assert refused.code == "tendering.breaks-rules"
    assert rule in refused.facts["rules"]
    assert world.phase == "registered"


def test_a_deposit_above_two_per_cent_of_the_estimate_is_refused(world):
    register(world, estimate="10000000")
    refused = world.cast.agency.refused(
        "tendering.publish_notice", lot=world.lot, confirmation=rules.CONFIRMATION_VERSION,
        document={"deposit_amount": "200000.01"},
    )  # fmt: skip
    assert refused.facts["rules"] == ["BZ-01"]


@pytest.mark.clause("RG-7.2.2")
def test_nothing_is_published_until_truth_accuracy_and_completeness_are_confirmed_and_the_ledger_holds_who_did(world):
    register(world)
    agency = world.cast.agency
    for confirmation in ("", "2020.1"):
        refused = agency.refused("tendering.publish_notice", lot=world.lot, confirmation=confirmation)
        assert refused.code == "tendering.confirmation-needed"
    announce(world)
    entry = entries(world, "tendering.notice-published")[0]
    assert entry.event.confirmation["version"] == rules.CONFIRMATION_VERSION
    assert entry.event.confirmation["digest"] == digest.of(rules.CONFIRMATION.encode())
    assert entry.actor["person"] == str(agency.person)
    assert entry.actor["certificate"] == agency.fingerprint
    assert entry.actor["on_behalf_of"] == str(world.cast.owner.organisation)
    assert entry.at == world.clock()


@pytest.mark.clause("GF-6.2.5-2")
def test_no_act_lets_the_centre_approve_or_hold_up_a_document_and_publishing_needs_the_owners_signature_alone(world):
    centre = {"centre_staff", "witness", "supervisor", "operator", "system_admin", "security_admin", "audit_admin"}
    drafting = {
        name: command for name, command in COMMANDS.items()
        if name.startswith("tendering.") and "registered" in command.facts.get("phases", ())
    }  # fmt: skip
    assert drafting["tendering.publish_notice"].by == {"procuring_entity", "agency"}
    by_centre = {name for name, command in drafting.items() if command.by & centre}
    assert by_centre == {"tendering.note_guidance"}, "help is all the centre gives before publication"
    words = ("approve", "ratify", "review", "reject", "veto", "accept_notice", "file_notice")
    assert not [name for name in COMMANDS if name.startswith("tendering.") and any(word in name for word in words)]
    register(world)
    world.cast.staff.do("tendering.note_guidance", lot=world.lot, text="建议核对资质等级")
    announce(world)  # nothing the centre said or left unsaid stands in the way
    assert world.phase == "announced"


def test_staff_of_the_centre_and_strangers_cannot_publish(world):
    register(world)
    fields = {"lot": world.lot, "confirmation": rules.CONFIRMATION_VERSION}
    assert world.cast.staff.refused("tendering.publish_notice", **fields).code == "access.not-yours"
    assert world.cast.bidder.refused("tendering.publish_notice", **fields).code == "access.not-yours"


@pytest.mark.clause("GF-6.2.5-1")
def test_a_template_asked_for_is_recorded_and_opens_in_the_editor(world, client):
    register(world)
    world.cast.agency.do("tendering.request_template", lot=world.lot, template="works_weighted")
    asked = entries(world, "tendering.template-requested")[0]
    assert (asked.event.template, asked.event.version) == ("works_weighted", "2026.1")
    draft = queries.draft(world.lot)
    assert draft["template"] == "works_weighted"
    assert draft["document"]["criteria"][0]["name"] == "投标报价"
    shown = visitor(world.cast.agency).get(f"/lots/{world.lot}/tender/edit").content.decode()
    assert 'value="投标报价"' in shown and "works_weighted" in shown
    assert world.cast.agency.refused("tendering.request_template", lot=world.lot, template="nothing").code == (
        "tendering.no-such-template"
    )


def test_a_draft_is_kept_without_an_entry_and_by_a_password_login_too(world):
    register(world)
    before = len(stream_entries(stored_stream(f"lot:{world.lot}")))
    save = COMMANDS["tendering.save_draft"].call
    save(
        actor=world.cast.agency.reader,
        lot=world.lot,
        document={"scope": "甲"},
        times={"bid_deadline": "2026-04-01T09:30"},
    )
    save(actor=world.cast.agency.reader, lot=world.lot, document={"quality": "乙"})
    assert queries.draft(world.lot)["document"] == {"scope": "甲", "quality": "乙"}
    assert queries.draft(world.lot)["times"] == {"bid_deadline": "2026-04-01T09:30"}
    assert len(stream_entries(stored_stream(f"lot:{world.lot}"))) == before


def test_weighted_scoring_publishes_its_score_table_and_formula(world):
    register(world)
    announce_weighted(world)
    tender = queries.tender(world.lot)
    assert sum(one.full for one in tender.criteria) == 100
    assert [one.id for one in tender.criteria if one.kind == "price"] == ["price"]
    assert formulas.read(tender.benchmark).id == tender.benchmark["id"]
    assert tender.price_ceiling == Decimal("186000000.00")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"price_ceiling": None, "benchmark": formulas.load("F6").record}, "最高投标限价"),
        ({"price_ceiling": "1.00", "criteria": [{"name": "价", "kind": "price", "full": "60"}]}, "100"),
        ({"price_ceiling": "1.00", "criteria": [{"name": "技术", "kind": "subjective", "full": "100"}]}, "报价"),
        ({"price_ceiling": "1.00", "benchmark": {"id": "X"}}, "公式"),
    ],
)
def test_a_method_that_cannot_be_computed_is_refused(world, document, problem):
    register(world)
    refused = world.cast.agency.refused(
        "tendering.publish_notice", lot=world.lot, confirmation=rules.CONFIRMATION_VERSION,
        document={"method": "weighted", **document},
    )  # fmt: skip
    assert refused.code == "tendering.method-wrong"
    assert problem in refused.facts["problem"]


@pytest.mark.clause("GF-3.5-2")
def test_every_paper_of_a_lot_has_digest_signer_and_time_and_its_signature_verifies_with_the_public_certificate(lot_at):
    world = lot_at("announced")
    papers = procedures.documents(world.lot)
    filed = {one.event.document: one for one in entries(world, "procedures.document-filed")}
    assert {one.kind for one in papers} == {"tender_notice", "tender_document"}
    for paper in papers:
        entry = filed[paper.id]
        assert paper.digest == entry.event.digest
        assert paper.digest.startswith(f"{digest.current()}:")
        assert paper.signers == (world.cast.agency.name,)
        assert paper.made_at == entry.at
        signature = json.loads(entry.text)["signature"]
        pem = parties.certificate(signature["certificate"]).pem
        verify_act(signature["text"], signature["value"], pem)


def test_a_second_publication_of_the_same_lot_is_refused(lot_at):
    world = lot_at("announced")
    refused = world.cast.agency.refused(
        "tendering.publish_notice", lot=world.lot, confirmation=rules.CONFIRMATION_VERSION
    )
    assert refused.code == "procedures.wrong-phase"


def test_a_notice_without_contact_lacks_what_the_law_wants_in_it(world):
    register(world, contact="周", phone="1")
    found = checks.pack_of(world.facts).check("ZB-07", present=set())
    assert "contact" in found.missing
    assert found.needs_reason

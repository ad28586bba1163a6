"""A tender's life up to its deadline, told as a generator: it yields the moment at which it goes on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.kernel import ports
from mingzheng.site.demo import acting, outcome, recipe
from mingzheng.site.demo.acting import do
from mingzheng.site.demo.cast import member
from mingzheng.site.demo.parties import organisation_id, person_id
from mingzheng.site.demo.settling import settle, until
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering
from mingzheng.stages.tendering import rules as tendering_rules

Life = Iterator[datetime]


@dataclass
class Centre:
    """What scenes know of each other: the lots of the tenders already registered."""

    lots: dict[str, list[UUID]] = field(default_factory=dict)


def plan(one: recipe.Plan) -> Life:
    """A tender plan is published."""
    yield one.at
    do(
        one.owner, "procedures.publish_tender_plan", one.name, name=one.name, location="云州市", content=one.content,
        estimate=Decimal(one.estimate), expected_notice=one.notice,
    )  # fmt: skip


def tender(one: recipe.Tender, centre: Centre) -> Life:
    """Registration, notice, enrolment, deposits, bids; then what `outcome` tells."""
    yield from _register(one, centre)
    if not one.goes_to("announced"):
        return
    lots = centre.lots[one.id]
    yield from _announce(one, lots)
    if one.facts.get("question"):
        yield from _clarify(one, lots[0])
    if one.end == "suspended":
        yield one.back(12, 15, 40)
        do(
            "supervisor",
            "procedures.suspend_lot",
            one.id,
            lot=lots[0],
            reason=one.facts["suspended"],
            basis=one.facts["basis"],
        )
    elif one.end == "terminated":
        yield one.back(6, 11, 20)
        do(
            one.agency,
            "procedures.terminate_lot",
            one.id,
            lot=lots[0],
            reason=one.facts["reason"],
            basis=one.facts["basis"],
        )
        settle()
    elif one.goes_to("few"):
        for number, lot in enumerate(lots):
            yield from _bids(one, lot, number)
        yield from outcome.after(one, lots)


def _register(one: recipe.Tender, centre: Centre) -> Life:
    lots: list[dict[str, Any]] = [{"content": one.content, **lot} for lot in one.lots]
    if one.facts.get("retender"):
        lots[0]["retender_of"] = str(centre.lots[one.facts["retender"]][0])
    owner = member(one.owner)
    yield one.begins(9, 20)
    submitted = do(
        one.owner, "procedures.submit_registration", one.id, kind=one.kind, lots=lots, agency=organisation_id(member(one.agency).house.key),
        content={
            "name": one.name, "content": one.content, "approval": one.approval or _approval(one), "funds": "财政资金",
            "region": "990100", "location": "云州市", "supervision_department": "云州市住房和城乡建设局",
            "contact": owner.name, "phone": owner.house.phone,
        },
    ).event  # fmt: skip
    if one.end == "submitted":
        return
    yield one.begins(14, 10)
    if one.end == "returned":
        do(
            "staff",
            "procedures.return_registration",
            one.id,
            procedure=submitted.procedure,
            items=["项目审批文件", "资金落实证明"],
        )
        return
    done = do(
        "staff",
        "procedures.complete_registration",
        one.id,
        procedure=submitted.procedure,
        service_responsible=person_id("staff"),
    )
    centre.lots[one.id] = [event.lot for event in done.events if hasattr(event, "section_code")]


def _approval(one: recipe.Tender) -> str:
    number = sum(one.id.encode()) % 180 + 7
    return f"云发改投资〔{one.back(60, 9).year}〕{number}号"


def _announce(one: recipe.Tender, lots: list[UUID]) -> Life:
    for number, lot in enumerate(lots):
        document: dict[str, Any] = {
            "method": one.method,
            "price_ceiling": f"{Decimal(one.lots[number]['estimate']):.2f}",
        }
        if not one.deposit:
            document["deposit_amount"] = "0.00"
        if one.kind == "goods_services_tender":
            document["period_days"] = 90
        yield one.back(24, 9, 5 + number)
        do(
            one.agency, "tendering.publish_notice", f"{one.id} {number}", lot=lot, document=document,
            bid_deadline=one.deadline, confirmation=tendering_rules.CONFIRMATION_VERSION,
        )  # fmt: skip
        do(
            one.agency,
            "procedures.appoint_person",
            f"{one.id} {number} host",
            lot=lot,
            part="host",
            person=person_id(one.agency),
        )
        for part in ("witness", "supervisor"):
            do(
                "staff",
                "procedures.appoint_person",
                f"{one.id} {number} {part}",
                lot=lot,
                part=part,
                person=person_id(part),
            )
        settle()


def _clarify(one: recipe.Tender, lot: UUID) -> Life:
    """Somebody asks, everybody reads the answer."""
    asking = one.facts.get("asking") or one.bidders[0]
    yield one.back(19, 15, 25)
    _enrol(one, lot, asking)
    asked = do(asking, "tendering.ask_question", one.id, lot=lot, text=one.facts["question"]).event
    yield one.back(17, 10, 15)
    do(one.agency, "tendering.answer_question", one.id, lot=lot, question=asked.question, answer=one.facts["answer"])


def _enrol(one: recipe.Tender, lot: UUID, bidder: str) -> None:
    label, person = f"{one.id} {lot}", member(bidder)
    paper = next(paper for paper in procedures.documents(lot) if paper.kind == "tender_document")
    do(bidder, "tendering.enrol", label, lot=lot, contact=person.name, phone=person.house.phone)
    do(bidder, "tendering.download_document", label, lot=lot, document=paper.id)


def _bids(one: recipe.Tender, lot: UUID, number: int) -> Life:
    """Each bidder in its own time: documents, deposit, sealed bid."""
    for place, bidder in enumerate(one.bidders):
        yield one.back(14 - place, 10 + place, 7 * place)
        _enrol(one, lot, bidder)
        if one.deposit:
            _pay(one, lot, bidder, place)
    terms = until("sealing terms", lambda: bidding.terms(lot))
    if one.deposit:
        settle("deposits.jobs.read_bank")
    for place, bidder in enumerate(one.bidders):
        yield one.back(2, 14 + place // 3, (11 * place + 17) % 60)
        acting.seal_and_submit(bidder, lot, f"{one.id} {number}", one.summary(bidder, number), terms)


def _pay(one: recipe.Tender, lot: UUID, bidder: str, place: int) -> None:
    """The second bidder lodges a guarantee, the others transfer money; what has come already is not paid again."""
    bank, wanted, label = ports.get("bank"), tendering.tender(lot).deposit_amount, f"{one.id} {lot}"
    if place == 1:
        number = f"YZ{int(lot.hex[:10], 16) % 10**10:010d}"
        bank.issue_guarantee(
            number=number, issuer="云州银行", amount=wanted, valid_until=one.deadline + timedelta(days=200)
        )
        do(bidder, "deposits.lodge_guarantee", label, lot=lot, number=number, issuer="云州银行")
        return
    account = do(bidder, "deposits.open_account", label, lot=lot).event.account
    payer = f"6222{organisation_id(member(bidder).house.key).int % 10**12:012d}"
    if not any(credit.account == account for credit in bank.incoming()):
        bank.pay(account=account, payer_name=member(bidder).organisation, payer_account=payer, amount=wanted)

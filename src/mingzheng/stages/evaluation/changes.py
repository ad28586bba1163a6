"""The committee's eligibility and draw, the computation, and the report as a paper."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingzheng.kernel import drawing, money
from mingzheng.ledger import reading, vault
from mingzheng.stages.evaluation import methods, models, rules
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import changes as spine
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.kinds import METHODS
from mingzheng.stages.procedures.rules import EXPERTS
from mingzheng.stages.tendering import queries as tendering


def eligible(lot: UUID, specialties: list[str]) -> tuple[list[UUID], dict[str, int]]:
    """Experts of the pool who may sit, in a fixed order, and how many stand back for which reason (PW-05)."""
    facts = procedures.lot(lot)
    bidders = [b.bidder_name for b in opening.opened_bids(lot)]
    owner = parties.organisation(facts.procuring_entity).name
    agency = parties.organisation(facts.agency).name if facts.agency else ""
    busy = set(models.Member.objects.filter(lot=lot).values_list("person_tag", flat=True))
    recused: dict[str, int] = {}
    free = []
    for expert in sorted(parties.people_with("expert"), key=lambda one: str(one.id)):
        reasons = rules.conflicts(expert.employer, expert.organisation_name, bidders, owner, agency)
        if specialties and not set(specialties) & set(expert.specialties):
            reasons.append("specialty")
        if vault.tag("person", expert.id) in busy:
            reasons.append("already")
        for one in reasons:
            recused[one] = recused.get(one, 0) + 1
        if not reasons and expert.active:
            free.append(expert.id)
    return free, recused


def require_free(lot: UUID, experts: list[UUID]) -> None:
    """Named experts must be in the pool, different, and without conflict."""
    pool, _ = eligible(lot, [])
    known = {one.id for one in parties.people_with("expert")}
    if len(set(experts)) != len(experts) or not set(experts) <= known:
        raise rules.NOT_EXPERT()
    if blocked := [one for one in experts if one not in pool]:
        raise rules.CONFLICT(who=f"{len(blocked)} 人")


def require_outside(lot: UUID, people: list[UUID]) -> None:
    """Witness and supervisor of the lot never sit on its committee (LN-9-2-1, ZB-4.6.2)."""
    parts = {person: part for part, (person, _) in procedures.parts(lot).items() if part in ("witness", "supervisor")}
    if any(person in parts or "supervisor" in parties.person(person).roles for person in people):
        raise rules.CONFLICT(who="见证人员或监督人员")


def require_of_the_house(lot: UUID, representatives: list[UUID]) -> None:
    """Representatives are different people of the procuring entity or its agency: an expert comes by the draw (PW-02, PW-03)."""
    facts = procedures.lot(lot)
    houses = [house for house in (facts.procuring_entity, facts.agency) if house is not None]
    known = {one.id for house in houses for one in parties.members(house)}
    if len(set(representatives)) != len(representatives) or not set(representatives) <= known:
        raise rules.NOT_A_REPRESENTATIVE()


def draw_experts(
    lot: UUID, pool: list[UUID], count: int, purpose: str, at: datetime
) -> tuple[list[UUID], dict[str, Any], list[Any]]:
    """Draw `count` experts one after another with the seed committed to earlier (docs/formats/draw.md).

    Gives the chosen, the records from which anybody draws them again, and the events that commit to the next seed.
    """
    (seed, committed), head = spine.take_seed(lot, EXPERTS, at), reading.heads([f"lot:{lot}"])[0][2]
    left, chosen, records = [str(p) for p in pool], [], []
    for number in range(1, count + 1):
        drawn = drawing.draw(left, seed, [("ledger", head)], purpose=f"{purpose} 专家 {number}")
        left.remove(drawn.choice)
        chosen.append(UUID(drawn.choice))
        records.append(dict(drawn.record))
    return chosen, {"draws": records}, committed


def compute(lot: UUID, tender: tendering.TenderFacts, members: list[models.Member]) -> dict[str, Any]:
    """Ranking, rejections and trace from the members' sealed scores and opinions alone (SD-2-2: same in, same out)."""
    bids = [b for b in opening.opened_bids(lot) if b.state == "read"]
    rejected = rules.rejections([str(b.bid) for b in bids], [m.opinions for m in members])
    offers = [
        methods.Offer(bid=str(b.bid), price=b.price, submitted=b.submitted_at)
        for b in bids
        if str(b.bid) not in rejected
    ]
    names = {str(b.bid): b.bidder_name for b in bids}
    told = [{"bid": bid, "bidder_name": names[bid], "reasons": reasons} for bid, reasons in rejected.items()]
    if not offers:
        return {"method": tender.method, "ranking": [], "rejected": told, "trace": []}
    if tender.method == "weighted":
        scores = [
            methods.Score(member=str(m.seat), bid=bid, item=item, points=Decimal(points))
            for m in members for bid, items in m.scores.items() if bid not in rejected for item, points in items.items()
        ]  # fmt: skip
        drawn = {name: Decimal(value) for name, value in opening.drawn_parameters(lot).items()}
        found = methods.weighted(
            tender.criteria,
            offers,
            scores,
            methods.read_formula(tender.benchmark),
            ceiling=tender.price_ceiling,
            drawn=drawn,
        )
    else:
        found = methods.lowest_price(offers)
    return {
        "method": tender.method,
        "ranking": [
            {
                "rank": r.rank, "bid": r.bid, "bidder_name": names[r.bid], "total": format(r.total, "f"),
                "price": format(r.price, "f"), "items": {k: format(v, "f") for k, v in r.items.items()},
            }
            for r in found.ranking
        ],
        "rejected": told,
        "trace": [{"what": s.what, "written": s.written, "result": s.result} for s in found.trace],
    }  # fmt: skip


def file_report(
    lot: UUID, evaluation: models.Evaluation, members: list[models.Member], at: datetime
) -> tuple[Any, list[Any]]:
    """The report as a paper: first for signing, then with all signatures. Not public before the publicity.

    That it was filed is a public fact, so who signed is told there by seat: who sits where is not yet known.
    """
    facts, tender = procedures.lot(lot), tendering.tender(lot)
    bids = {str(b.bid): b for b in opening.opened_bids(lot)}
    people = {m.seat: parties.person(UUID(m.person)) for m in members}
    ranking, parts = evaluation.outcome["ranking"], list(tender.criteria) if tender.method == "weighted" else []
    return spine.file_document(
        lot, "evaluation_report", "评标报告",
        {
            "procuring_entity": parties.organisation(facts.procuring_entity).name,
            "agency": parties.organisation(facts.agency).name if facts.agency else "",
            "method": METHODS[tender.method], "started_at": evaluation.started_at, "ended_at": at, "place": "评标室",
            "received": len(bids),
            "members": [
                {"name": people[m.seat].name, "role": "组长" if m.seat == evaluation.chair else ("招标人代表" if m.kind == "representative" else "成员"), "specialty": "、".join(people[m.seat].specialties), "site": f"{m.seat} 号席"}
                for m in members
            ],
            "score_parts": [c.name for c in parts],
            "scores": [
                {"bidder": r["bidder_name"], "price": Decimal(r["price"]), "parts": [r["items"].get(c.id, "—") for c in parts], "total": r["total"], "rank": r["rank"]}
                for r in ranking
            ],
            "benchmark": "；".join(f"{s['what']}：{s['written']} = {s['result']}" for s in evaluation.outcome["trace"][:6]),
            "rejections": [{"bidder": r["bidder_name"], "reason": "；".join(r["reasons"])} for r in evaluation.outcome["rejected"]],
            "recommended": [candidate(r, bids[r["bid"]]) for r in ranking[:3]],
            "dissents": [{"member": people[m.seat].name, "opinion": m.dissent} for m in members if m.dissent],
            "conclusion": "" if ranking else "全部投标被否决，建议重新招标。",
            "signers": [
                {"name": people[m.seat].name, "role": f"{m.seat} 号席", "at": m.signed_at, "certificate": m.certificate, "opinion": m.dissent}
                for m in members if m.signed_at
            ],
        },
        at, public=False, signers=tuple(f"{m.seat} 号席" for m in members if m.signed_at),
    )  # fmt: skip


def candidate(ranked: dict[str, Any], bid: opening.OpenedBid) -> dict[str, Any]:
    """A line of the candidates' table."""
    return {
        "rank": ranked["rank"], "bidder": bid.bidder_name, "price": bid.price,
        "score": ranked["total"] if ranked.get("items") else money.text(Decimal(ranked["total"])),
        "period": f"{bid.period_days} 日历天" if bid.period_days else "", "quality": bid.quality, "leader": bid.project_manager,
    }  # fmt: skip

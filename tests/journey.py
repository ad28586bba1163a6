"""The journey of a lot, one small function a step. Every step runs the real commands as the real parties, signed.

Owners of stages add their steps here and name the phase they reach in `STEPS`; `lot_at("opened")` runs all before it.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests import bids
from tests.people import Cast, Player

from mingzheng.kernel import ports
from mingzheng.kernel.job import JOBS
from mingzheng.ledger import proving, reading, sequencing
from mingzheng.stages.archiving import changes as archiving
from mingzheng.stages.award import queries as award_facts
from mingzheng.stages.deposits import queries as deposits
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.queries import LotFacts
from mingzheng.stages.tendering import queries as tendering
from mingzheng.stages.tendering import rules as tendering_rules

REGISTRATION = {
    "name": "云州市第二污水处理厂扩建工程", "content": "日处理 8 万立方米扩建，含土建和安装", "approval": "云发改投资〔2026〕12号",
    "funds": "财政资金 60%，企业自筹 40%", "region": "990100", "location": "云州市澄江区",
    "supervision_department": "云州市住房和城乡建设局", "contact": "周远航", "phone": "0990-88000011",
}  # fmt: skip
ESTIMATE = "186000000"


@dataclass
class World:
    """One deployment in a test: its clock, its cast, and the lot being played with whatever steps want to remember."""

    cast: Cast
    clock: Any
    lot: UUID | None = None
    procedure: UUID | None = None
    lots: list[UUID] = field(default_factory=list)
    offers: dict[str, bids.SealedOffer] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def facts(self) -> LotFacts:
        assert self.lot is not None
        return procedures.lot(self.lot)

    @property
    def phase(self) -> str:
        return self.facts.phase

    @property
    def deadline(self) -> datetime:
        return self.due("bid_deadline")

    def due(self, name: str) -> datetime:
        assert self.lot is not None
        found = procedures.clock(self.lot, name)
        assert found is not None, name
        return found.due

    def at(self, moment: datetime, **later: float) -> None:
        """Set the clock to a moment, or so much after it."""
        self.clock.set(moment + timedelta(**later))

    def settle(self, *jobs: str) -> None:
        """What the worker would do now: order entries, readers and reactions, timers (those named, else all)."""
        for _ in range(3):
            sequencing.step()
            reading.follow()
            for name, job in JOBS.items():
                if not jobs or any(name.endswith(wanted) for wanted in jobs):
                    job.run()
        sequencing.step()


def register(
    world: World, *, lots: int = 1, by: Player | None = None, estimate: str = ESTIMATE, **content: Any
) -> None:
    """Project registration, completed by the centre with a person responsible."""
    cast = world.cast
    given = [
        {"name": "土建及安装" if n == 1 else f"配套工程{n}", "estimate": estimate, "content": "构筑物、管道及设备安装"}
        for n in range(1, lots + 1)
    ]
    retender = content.pop("retender_of", None)
    if retender is not None:
        given[0]["retender_of"] = str(retender)
    submitted = (
        (by or cast.owner)
        .do(
            "procedures.submit_registration",
            content={**REGISTRATION, **content},
            lots=given,
            agency=cast.agency.organisation,
        )
        .event
    )
    world.procedure = submitted.procedure
    done = cast.staff.do(
        "procedures.complete_registration", procedure=world.procedure, service_responsible=cast.staff.person
    )
    world.lots = [one.lot for one in done.events if hasattr(one, "section_code")]
    world.lot = world.lots[0]


def announce(world: World, *, by: Player | None = None, **fields: Any) -> None:
    """The agency publishes notice and tender documents; without more words by the lowest evaluated price."""
    by = by or world.cast.agency
    by.do("tendering.publish_notice", lot=world.lot, confirmation=tendering_rules.CONFIRMATION_VERSION, **fields)
    by.do("procedures.appoint_person", lot=world.lot, part="host", person=by.person)


def announce_weighted(world: World, **fields: Any) -> None:
    """The same by weighted scoring with the standard template's score table."""
    document = {"method": "weighted", "price_ceiling": "186000000.00", **fields.pop("document", {})}
    announce(world, document=document, **fields)


def enrol(world: World, *players: Player) -> None:
    """Bidders take part and take the documents (the first three without names)."""
    paper = next(one for one in procedures.documents(world.lot) if one.kind == "tender_document")
    for player in players or world.cast.bidders[:3]:
        player.do("tendering.enrol", lot=world.lot, contact=player.name, phone="0990-88001234")
        player.do("tendering.download_document", lot=world.lot, document=paper.id)


def guarantee_number(world: World, login: str) -> str:
    """The number of the guarantee a bidder has for this lot."""
    return f"BH-{login}-{world.lot.hex[-6:]}"


def pay(world: World, *players: Player, guarantee: tuple[str, ...] = ()) -> None:
    """Each bidder pays its deposit to its own account (those named in `guarantee` by login lodge a guarantee)."""
    bank, wanted = ports.get("bank"), tendering.tender(world.lot).deposit_amount
    for player in players or world.cast.bidders[:3]:
        if player.login in guarantee:
            bank.issue_guarantee(
                number=guarantee_number(world, player.login),
                issuer="云州银行",
                amount=wanted,
                valid_until=world.deadline + timedelta(days=200),
            )
            player.do(
                "deposits.lodge_guarantee",
                lot=world.lot,
                number=guarantee_number(world, player.login),
                issuer="云州银行",
            )
            continue
        account = player.do("deposits.open_account", lot=world.lot).event.account
        bank.pay(
            account=account, payer_name=player.organisation_name, payer_account=payer_account(player), amount=wanted
        )
    world.settle("deposits.jobs.read_bank")


def payer_account(player: Player) -> str:
    """The bank account a player pays from."""
    return f"6222{player.organisation.int % 10**12:012d}"


def three_bids(world: World, *players: Player, guarantee: tuple[str, ...] = ("bing",), **summary: Any) -> None:
    """Three bidders (or those given) enrol, pay, seal and submit, a minute apart."""
    players = players or tuple(world.cast.bidders[:3])
    enrol(world, *players)
    pay(world, *players, guarantee=tuple(login for login in guarantee if login in {p.login for p in players}))
    for player in players:
        world.clock.forward(minutes=1)
        offer = bids.make(world.lot, player, **summary)
        bids.submit(world.lot, offer)
        world.offers[player.login] = offer


def close(world: World) -> None:
    """The deadline comes; the worker closes bidding and opens the hall."""
    for player in (world.cast.by_login(login) for login in world.offers):
        world.at(world.deadline, minutes=-30)
        player.do("opening.sign_in", lot=world.lot)
    world.at(world.deadline)
    world.settle("close_bidding", "when_bidding_closes")


def decrypt(world: World, *logins: str) -> None:
    """The host starts decryption and bidders release their keys (all, or those named)."""
    if opening.opening(world.lot).phase == "list":
        world.cast.agency.do("opening.start_decryption", lot=world.lot)
    for login in logins or tuple(world.offers):
        offer = world.offers[login]
        offer.player.do("opening.release_key", lot=world.lot, bid=offer.bid, content_key=offer.key)


def read(world: World) -> None:
    """Parameters are drawn where the documents want it, then one reading act."""
    if opening.parameters_to_draw(world.lot) and not opening.opening(world.lot).drawn:
        world.cast.agency.do("opening.draw_parameters", lot=world.lot)
    world.cast.agency.do("opening.read_bids", lot=world.lot)


def end_opening(world: World) -> None:
    """Bidders whose bids were read confirm the record; the host signs it."""
    hall = opening.opening(world.lot)
    for line in opening.board(world.lot):
        if line.state == "read":
            player = next(p for p in world.cast.bidders if p.organisation == line.bidder)
            player.do("opening.confirm_record", lot=world.lot, board_digest=hall.board_digest)
    world.cast.agency.do("opening.end_opening", lot=world.lot)


def hold_opening(world: World) -> None:
    """The whole opening: every key, reading, confirmation, signed record."""
    decrypt(world)
    world.clock.forward(minutes=5)
    read(world)
    world.clock.forward(minutes=5)
    end_opening(world)


def committee(world: World, **wanted: Any) -> None:
    """Five experts drawn, signed in, declared; the chair is elected and the evaluation started."""
    world.clock.forward(minutes=30)
    world.cast.experts  # noqa: B018 - the pool is in the register before it is drawn from
    world.cast.agency.do("evaluation.form_committee", lot=world.lot, **wanted)
    for player in members(world):
        player.do("evaluation.sign_in_member", lot=world.lot)
        player.do("evaluation.declare", lot=world.lot)
    for player in members(world):
        player.do("evaluation.vote_chair", lot=world.lot, seat=1)
    world.cast.agency.do("evaluation.start_evaluation", lot=world.lot)


def members(world: World) -> list[Player]:
    """The committee's people by seat."""
    everybody = {p.person: p for p in [*world.cast.experts, world.cast.owner]}
    return [everybody[one["person"]] for one in evaluation.members(world.lot) if one["active"]]


def score(world: World, player: Player, *, reject: tuple[str, ...] = ()) -> None:
    """One member seals scores (where the method has them) and opinions; `reject` names bidders by login."""
    tender = tendering.tender(world.lot)
    rows = [b for b in opening.opened_bids(world.lot) if b.state == "read"]
    seat = evaluation.own_seat(world.lot, player.actor).seat
    scores = {
        str(b.bid): {c.id: format((c.full * (20 - seat - n) / 20).quantize(Decimal("0.01")), "f") for c in tender.criteria if c.kind != "price"}
        for n, b in enumerate(rows)
    } if tender.method == "weighted" else {}  # fmt: skip
    logins = {world.offers[login].bid: login for login in world.offers}
    opinions = {
        str(b.bid): {"pass": logins[b.bid] not in reject, "reason": "未响应招标文件的实质性要求" if logins[b.bid] in reject else ""}
        for b in rows
    }  # fmt: skip
    player.do("evaluation.commit_scores", lot=world.lot, scores=scores, opinions=opinions)


def evaluate(world: World, *, reject: tuple[str, ...] = (), **wanted: Any) -> None:
    """The whole evaluation up to the signed report."""
    committee(world, **wanted)
    world.clock.forward(hours=1)
    for player in members(world):
        score(world, player, reject=reject)
    for player in members(world):
        sign(world, player)


def sign(world: World, player: Player, dissent: str = "") -> None:
    """One member signs the report as it stands."""
    state = evaluation.evaluation(world.lot)
    assert state is not None and state.report is not None
    player.do("evaluation.sign_report", lot=world.lot, report=state.report, dissent=dissent)


def publish(world: World) -> None:
    """Candidates are made public the same afternoon."""
    world.clock.forward(hours=1)
    world.cast.agency.do("award.publish_candidates", lot=world.lot)


def award(world: World) -> None:
    """After the publicity: staff confirm its end, the owner's agency decides, all notices go out in one act."""
    world.at(world.due("publicity_ends"), minutes=1)
    world.cast.staff.do("award.confirm_publicity", lot=world.lot)
    world.cast.agency.do("award.decide_award", lot=world.lot)
    world.cast.agency.do("award.issue_notices", lot=world.lot)


def contract(world: World) -> None:
    """Owner and winner sign; deposits go back, the winner's after the owner's confirmation."""
    world.clock.forward(days=7)
    world.cast.owner.do("award.offer_contract", lot=world.lot)
    won = award_facts.award(world.lot)
    winner = next(p for p in world.cast.bidders if p.organisation == won.winner)
    winner.do("award.sign_contract", lot=world.lot, contract=won.contract)
    if deposits.deposit(won.dealing) is not None:
        world.cast.owner.do("deposits.confirm_refund", lot=world.lot, dealing=won.dealing)
    world.settle("deposits.jobs.send_refunds")


def archive(world: World, reason: str = "") -> None:
    """The archivist closes the file and the worker packs it under a cosigned checkpoint."""
    world.clock.forward(days=1)
    world.settle("deposits.jobs.send_refunds")
    shutil.rmtree(archiving.folder_of(world.lot), ignore_errors=True)  # another test's lot had the same number
    world.cast.archivist.do("archiving.close_file", lot=world.lot, reason=reason)
    sequencing.settle()
    proving.cosign_newest()
    world.settle("archiving.jobs.pack_closed_files")


STEPS: list[tuple[str, Callable[..., None]]] = [
    ("registered", register), ("announced", announce), ("submitted", three_bids), ("opening", close),
    ("opened", hold_opening), ("evaluated", evaluate), ("publicity", publish), ("awarded", award),
    ("contracted", contract), ("archived", archive),
]  # fmt: skip


def bring(world: World, phase: str, **options: dict[str, Any]) -> World:
    """Run every step up to `phase`; `options` by step name are passed on: bring(w, "announced", announce={...})."""
    reached = [name for name, _ in STEPS]
    if phase not in reached:
        raise LookupError(f"no step reaches {phase!r} yet; known: {', '.join(reached)}")
    for name, step in STEPS[: max(i for i, known in enumerate(reached) if known == phase) + 1]:
        step(world, **options.get(step.__name__, {}))
        phase = "announced" if name == "submitted" else name
        assert world.phase == phase or world.facts.standing != "running", (name, world.phase)
    return world

"""The demo centre's year: every scene in the order of its moments, the clock jumping from one to the next.

Killed at any point it begins again: what was done answers as it did then (acts have lasting keys), what was finished is
passed over. Started again later, the demo goes on to the next opening that is prepared, or prepares one more.
"""

import heapq
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from mingzheng.kernel import clock
from mingzheng.site import deployment_clock
from mingzheng.site.demo import acting, recipe, scenes
from mingzheng.site.demo.guide import BIDDER, HOST
from mingzheng.site.demo.parties import load_others, person_id
from mingzheng.site.demo.progress import Progress
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.procedures import queries as procedures

log = structlog.get_logger()
LEAD = 120.0  # seconds from the first page to the live opening, where loading leaves that much
LEAST_LEAD = 35.0
Going = Callable[[], bool]


def load(progress: Progress, *, short: bool = False, going: Going = lambda: True) -> None:
    """Play the year up to the eve of the live opening, then leave the clock shortly before it. Resumes; once only."""
    if progress.state != "loading":
        return
    if not progress.begun and procedures.lots():
        progress.finish("foreign")  # somebody else's centre: nothing is added to it
        return
    began = time.monotonic() - progress.elapsed
    load_others()
    tenders = recipe.tenders(short=short)
    centre = scenes.Centre({name: [UUID(one) for one in lots] for name, lots in progress.lots.items()})
    progress.begin(len(tenders), sum(one.steps for one in tenders) + 2 * len(recipe.plans()))
    waiting = [(plan.at, f"plan {plan.name}", scenes.plan(plan)) for plan in recipe.plans()]
    waiting += [(one.begins(9, 20), one.id, scenes.tender(one, centre)) for one in tenders]
    for at, name in _play([w for w in waiting if w[1] not in progress.done], going):
        progress.note(at, name, centre.lots, time.monotonic() - began)
    if not going():
        return
    live = centre.lots["sewage-2"][0]
    lead = max(LEAST_LEAD, LEAD - (time.monotonic() - began))
    _jump(recipe.LIVE - timedelta(seconds=lead))
    progress.finish("ready", live)


def go_on(progress: Progress, *, going: Going = lambda: True) -> None:
    """A demo started again has a live opening again: where its last one is over, the clock goes to the eve of the next."""
    if progress.state != "ready" or not progress.live or _to_come(UUID(progress.live)):
        return
    began, live = time.monotonic(), _prepared()
    if live is None:
        live = _one_more(progress, going)
    due = procedures.clock(live, "bid_deadline") if live else None
    if live is None or due is None:
        return
    _jump(due.due - timedelta(seconds=max(LEAST_LEAD, LEAD - (time.monotonic() - began))))
    progress.finish("ready", live)


def _to_come(lot: UUID) -> bool:
    """Whether the lot's opening is still ahead or under way."""
    facts = procedures.lot(lot)
    return facts.standing == "running" and facts.phase in ("announced", "closed", "opening")


def _prepared() -> UUID | None:
    """The next lot to open in which the guide's bidder has a bid and the guide's host is host."""
    found = []
    for facts in procedures.lots(phases=("announced",), standing="running"):
        due, mine = procedures.clock(facts.id, "bid_deadline"), acting.dealing(BIDDER, facts.id)
        host = procedures.parts(facts.id).get("host", (None, None))[0]
        ahead = due is not None and due.due > clock.now() + timedelta(seconds=LEAST_LEAD)
        if due and ahead and mine and host == person_id(HOST) and bidding.bid(mine) is not None:
            found.append((due.due, facts.id))
    return min(found)[1] if found else None


def _one_more(progress: Progress, going: Going) -> UUID | None:
    """One more tender, from its registration to its sealed bids: a month of the centre in a few seconds."""
    one = recipe.following(progress.again + 1, clock.now())
    centre = scenes.Centre({name: [UUID(lot) for lot in lots] for name, lots in progress.lots.items()})
    for at, name in _play([(one.begins(9, 20), one.id, scenes.tender(one, centre))], going):
        progress.note(at, name, centre.lots, progress.elapsed)
    if not going():
        return None
    progress.again += 1
    return centre.lots[one.id][0]


def _play(scenes_: list[tuple[datetime, str, scenes.Life]], going: Going) -> Iterator[tuple[datetime, str]]:
    """Run scenes by their moments; yields after each step its moment and, when it was the scene's last, its name."""
    heap = [(at, name, scene) for at, name, scene in scenes_]
    heapq.heapify(heap)
    while heap and going():
        at, name, scene = heapq.heappop(heap)
        _jump(at)
        try:
            following = next(scene)
        except StopIteration:
            yield at, name
            continue
        heapq.heappush(heap, (max(following, at), name, scene))
        yield at, ""


def _jump(moment: datetime) -> None:
    if moment > clock.now():
        deployment_clock.jump(moment)

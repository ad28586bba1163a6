"""The demo centre's year: every scene in the order of its moments, the clock jumping from one to the next.

Killed at any point it begins again: what was done answers as it did then (acts have lasting keys), what was finished is
passed over.
"""

import heapq
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from mingzheng.kernel import clock
from mingzheng.site import deployment_clock
from mingzheng.site.demo import recipe, scenes
from mingzheng.site.demo.parties import load_others
from mingzheng.site.demo.progress import Progress
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
    progress.begin(len(tenders))
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

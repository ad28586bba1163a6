"""What every page of a lot shows on top: identity bar, stage rail, clocks, suspension banner, and the tabs of the lot."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mingzheng.kernel import clock as time
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import Refused
from mingzheng.stages.procedures import acting, queries
from mingzheng.stages.procedures.kinds import PHASES, kind

STATES: dict[str, tuple[str, str]] = {
    "registered": ("已登记", "mute"), "announced": ("投标中", "info"), "closed": ("已截止", "info"),
    "opening": ("开标中", "info"), "opened": ("已开标", "ok"), "evaluation": ("评标中", "info"),
    "evaluated": ("评标完成", "ok"), "publicity": ("公示中", "info"), "awarded": ("已定标", "ok"),
    "contracted": ("已签合同", "ok"), "archived": ("已归档", "ok"),
}  # fmt: skip
STANDINGS: dict[str, tuple[str, str]] = {
    "suspended": ("已暂停", "warn"), "terminated": ("已终止", "bad"), "failed": ("流标", "bad"),
}  # fmt: skip
TABS = (
    ("lot", "概览"), ("lot-tender", "公告与文件"), ("lot-questions", "澄清答疑"), ("lot-bid", "投标"),
    ("lot-hall", "开标"), ("lot-evaluation", "评标"), ("lot-award", "结果与合同"), ("lot-file", "档案"),
)  # fmt: skip


def state_of(lot: queries.LotFacts) -> tuple[str, str]:
    """The lot's state in one word, with its tone."""
    text, tone = STANDINGS.get(lot.standing) or STATES[lot.phase]
    return _(text), tone


def stages_of(lot: queries.LotFacts) -> list[dict[str, Any]]:
    """The kind's stages with the time each was reached (RG-6.1)."""
    reached, english = queries.reached(lot.id), get_language() == "en"
    template, now = kind(lot.kind), PHASES.index(lot.phase)
    reached[""] = queries.prepared_at(lot.procedure)
    rows: list[dict[str, Any]] = []
    for stage in template.stages:
        place = PHASES.index(stage.phase) if stage.phase else 0
        rows.append(
            {
                "label": stage.en if english else stage.zh,
                "at": reached.get(stage.phase),
                "state": "done" if place <= now else "next",
            }
        )
    done = [row for row in rows if row["state"] == "done"]
    if done and lot.standing == "running" and lot.phase != "archived":
        done[-1]["state"] = "now"
    return rows


def lot_context(request: HttpRequest, lot: UUID, current: str = "lot") -> dict[str, Any]:
    """The shared context: lot, bar and lotbar for `{% idbar bar lotbar %}`, tabs, clocks, actor's part."""
    facts = queries.lot(lot)
    whole = queries.procedure(facts.procedure)
    deadline = queries.clock(lot, "bid_deadline")
    bar: dict[str, Any] = {
        "name": facts.procedure_name,
        "code": facts.procedure_number,
        "kind": kind(facts.kind).en if get_language() == "en" else kind(facts.kind).zh,
        "lots": [
            {"id": str(one.id), "number": f"{one.number:02d}", "name": one.name, "href": f"/lots/{one.id}"}
            for one in whole.lots
        ],
        "stages": stages_of(facts),
    }
    if facts.standing == "suspended":
        since = facts.suspended_at.astimezone(time.UTC8) if facts.suspended_at else None
        bar["hold"] = {
            "title": _("%(number)02d 标段已暂停") % {"number": facts.number},
            "text": _("自 %(since)s，全部环节和时限停止。") % {"since": f"{since:%Y-%m-%d %H:%M}" if since else "—"},
        }
    open_deadline = deadline if deadline and deadline.state == "running" else None
    return {
        "lot": facts,
        "procedure": whole,
        "bar": bar,
        "lotbar": {"id": str(lot), "state": state_of(facts), "deadline": open_deadline.due if open_deadline else None},
        "clocks": queries.clocks(lot),
        "holds": queries.holds(lot),
        "tabs": tabs(lot, current),
        "live_lots": [str(lot)],
        "deal_labels": kind(facts.kind).labels,
    }


def retendering(lot: queries.LotFacts, actor: Actor) -> dict[str, Any]:
    """`earlier`: the lot this one tenders again; `later`: those that tender this one again, as far as the reader may know."""
    at = time.now()
    return {
        "earlier": queries.lot(lot.retender_of) if lot.retender_of else None,
        "later": [one for one in queries.retenders_of(lot.id) if queries.may_know(one, actor, at)],
    }


def tabs(lot: UUID, current: str) -> list[dict[str, Any]]:
    """Links to the lot's pages that exist."""
    found = []
    for name, label in TABS:
        try:
            found.append({"label": _(label), "href": reverse(name, args=[lot]), "current": name == current})
        except NoReverseMatch:
            continue
    return found


def acts(lot: UUID, actor: Actor, *names: tuple[str, str]) -> dict[str, dict[str, Any]]:
    """For each (act, label): the label and why it is not possible now (None when it is)."""
    at = time.now()
    found: dict[str, dict[str, Any]] = {}
    for name, label in names:
        why: Refused | None = acting.why_not(name, lot, actor, at)
        found[name.replace(".", "_")] = {"label": _(label), "why": why, "name": name}
    return found


def ask_too(found: dict[str, dict[str, Any]], name: str, rule: Callable[[], object]) -> None:
    """Ask the act's own rule as well: what the command would refuse, the button explains before it is pressed."""
    act = found.get(name)
    if act is None or act["why"] is not None:
        return
    try:
        rule()
    except Refused as refused:
        act["why"] = refused

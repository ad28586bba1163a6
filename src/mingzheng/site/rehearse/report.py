"""What the rehearsal found: the report, and whether the lowest price won everywhere."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from mingzheng.site.rehearse.ocds import Skipped, Tender
from mingzheng.site.rehearse.play import Play

LEAST_BIDDERS = 3


def expected(tender: Tender) -> tuple[str, str | None]:
    """(outcome, winner) by the rules of the issue, from the file alone."""
    standing = tender.standing
    if len(standing) < LEAST_BIDDERS:
        return "failed_few_bidders", None
    good = [offer for offer in standing if offer.status != "disqualified"]
    if not good:
        return "failed_all_rejected", None
    return "awarded", min(
        good, key=lambda offer: offer.price
    ).bidder  # of equal prices the first in order of submission


def judge(play: Play) -> None:
    """Compare what happened with what the file says must happen; a difference is a problem."""
    if play.problem:
        return
    outcome, winner = expected(play.tender)
    if (play.outcome, play.winner) != (outcome, winner):
        play.problem = f"came out {play.outcome} {play.winner}, should be {outcome} {winner}"


def make(plays: list[Play], skipped: list[Skipped], seconds: float) -> dict[str, Any]:
    """The report as JSON: amounts are numbers with at most two decimals."""
    outcomes = Counter(play.outcome for play in plays if not play.problem)
    verified = [play for play in plays if play.entries]
    return {
        "procedures": [_row(play) for play in plays],
        "totals": {
            "procedures": len(plays), "bidders": sum(_bidders(play) for play in plays), "awarded": outcomes["awarded"],
            "failed_few_bidders": outcomes["failed_few_bidders"], "failed_all_rejected": outcomes["failed_all_rejected"],
            "problems": [{"ocid": play.tender.ocid, "what": play.problem} for play in plays if play.problem],
            "skipped": [{"line": one.line, "ocid": one.ocid, "reason": one.reason} for one in skipped],
            "left_out": [{"ocid": play.tender.ocid, "bids": list(play.tender.left_out)} for play in plays if play.tender.left_out],
        },
        "verify": {
            "ok": bool(plays) and len(verified) == len(plays) and not any(play.problem for play in plays),
            "entries": sum(play.entries for play in plays),
        },
        "seconds": round(seconds, 1),
    }  # fmt: skip


def _bidders(play: Play) -> int:
    return len({offer.bidder for offer in play.tender.offers})


def _row(play: Play) -> dict[str, Any]:
    return {
        "ocid": play.tender.ocid, "bidders": _bidders(play), "outcome": play.outcome or "problem", "winner": play.winner,
        "winning_amount": None if play.winning_amount is None else float(play.winning_amount),
        "entries": play.entries, "archive": str(play.archive) if play.archive else None,
    }  # fmt: skip


def write(report: dict[str, Any], path: Path) -> None:
    """Write the report whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    aside.replace(path)

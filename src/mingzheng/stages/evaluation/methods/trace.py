"""The computation trace: every step of a result as a line a report prints and anybody can recompute."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One line: what was computed (zh), how it is written out, and the result as text."""

    what: str
    written: str
    result: str


Trace = tuple[Step, ...]


def as_record(trace: Trace) -> list[dict[str, str]]:
    """The trace as JSON objects for an event or a document."""
    return [{"what": step.what, "written": step.written, "result": step.result} for step in trace]

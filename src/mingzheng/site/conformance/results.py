"""The results `build/clauses.json`: which marked tests ran for each clause, how they ended, and at which commit.

Format: {"commit": sha or null, "clauses": {id: [{"test": node id, "result": "passed" | "failed" | "skipped"}]}}.
A test that was collected but never ran counts as skipped: only a passed test shows anything.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from mingzheng.site.conformance.table import Wrong


@dataclass(frozen=True)
class Ran:
    """One marked test and how it ended: passed, failed or skipped."""

    test: str
    result: str


@dataclass(frozen=True)
class Results:
    """What one run of the tests showed, by clause id; `commit` is None outside a repository."""

    commit: str | None
    clauses: dict[str, list[Ran]]


def read(path: Path) -> Results:
    """The results of the last run; empty when there was none. Raises `Wrong` when the file is no such file."""
    if not path.exists():
        return Results(None, {})
    try:
        told = json.loads(path.read_text("utf-8"))
        clauses = {clause: [Ran(**ran) for ran in tests] for clause, tests in told["clauses"].items()}
        return Results(told["commit"], clauses)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as broken:
        raise Wrong([f"{path}: not a file of clause results ({broken}); run the tests again"]) from broken


def write(path: Path, results: Results) -> None:
    """Replace the file by these results, in one step: readers see the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.new")
    half.write_text(json.dumps(asdict(results), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    half.replace(path)


def commit_of(folder: Path) -> str | None:
    """The commit checked out in a folder, or None when it is no repository or has no commit."""
    asked = ["git", "-C", str(folder), "rev-parse", "--verify", "--quiet", "HEAD"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() or None
    except (OSError, subprocess.CalledProcessError):
        return None

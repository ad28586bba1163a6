"""The table `docs/conformance.yaml`: every clause of the five standards, with the state we claim for it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import yaml

try:  # the C parser reads the table eight times as fast
    from yaml import CSafeLoader as Loader
except ImportError:
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

CHECKOUT = Path(__file__).parents[4]
TABLE = Path("docs/conformance.yaml")
RESULTS = Path("build/clauses.json")

SEEDS = ("RG", "GF", "ZB", "LN", "SD")
KINDS = ("software", "device", "organisation")
STATES = ("met", "partly", "open", "outside")


class Wrong(ValueError):
    """The table, the results or their place is not as it must be; `problems` tells each point in a sentence."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Clause:
    """One clause: its id in the standards, what it asks for in our words, and the state we claim."""

    id: str
    kind: str
    area: str
    state: str
    summary: str
    note: str

    @property
    def seed(self) -> str:
        """The standard it comes from: RG, GF, ZB, LN or SD."""
        return self.id.partition("-")[0]


def place(given: Path | None = None) -> Path:
    """Where the table stands: as given, else in the checkout this program was installed from, else around here.

    Raises `Wrong` when there is none.
    """
    around = [folder / TABLE for folder in (CHECKOUT, Path.cwd(), *Path.cwd().parents)]
    for path in [given] if given else around:
        if path.is_file():
            return path
    raise Wrong([f"no table at {given or around[0]}; name it with --table"])


def load(path: Path) -> dict[str, Clause]:
    """The clauses by id, in the order of the file. Raises `Wrong` with every problem of the file at once."""
    try:
        rows = yaml.load(path.read_text("utf-8"), Loader=Loader)
    except (OSError, yaml.YAMLError) as broken:
        raise Wrong([f"{path}: {broken}"]) from broken
    if not isinstance(rows, list):
        raise Wrong([f"{path}: is not a list of clauses"])
    clauses: dict[str, Clause] = {}
    problems: list[str] = []
    for number, row in enumerate(rows, start=1):
        found = _problems_of(row)
        problems += [f"clause {number}: {problem}" for problem in found]
        if not found:
            if row["id"] in clauses:
                problems.append(f"{row['id']}: stands in the table twice")
            clauses[row["id"]] = Clause(**row)
    if problems:
        raise Wrong(problems)
    return clauses


def _problems_of(row: object) -> list[str]:
    names = [field.name for field in fields(Clause)]
    if not isinstance(row, dict) or sorted(row) != sorted(names):
        return [f"must have exactly {', '.join(names)}, not {row!r}"]
    if not all(isinstance(value, str) for value in row.values()):
        return [f"{row['id']}: every value must be text"]
    clause = Clause(**row)
    rules = [
        (clause.seed in SEEDS, f"the id must begin with one of {', '.join(SEEDS)}"),
        (clause.kind in KINDS, f"kind {clause.kind!r} is none of {', '.join(KINDS)}"),
        (clause.state in STATES, f"state {clause.state!r} is none of {', '.join(STATES)}"),
        (bool(clause.area), "has no area"),
        (bool(clause.summary), "has no summary"),
        (
            clause.state != "outside" or clause.kind != "software",
            "outside is for device and organisation clauses only",
        ),
        (
            clause.state not in ("partly", "outside") or bool(clause.note),
            f"{clause.state} needs a note that says what and why",
        ),
    ]
    return [f"{clause.id}: {problem}" for holds, problem in rules if not holds]

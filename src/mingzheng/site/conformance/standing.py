"""The join of table and results: what each clause claims, what its tests show, and where the two disagree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mingzheng.site.conformance.results import Ran, Results
from mingzheng.site.conformance.table import KINDS, STATES, Clause


@dataclass(frozen=True)
class Standing:
    """One clause with the tests that carry its id."""

    clause: Clause
    tests: tuple[Ran, ...]

    @property
    def passed(self) -> bool | None:
        """True when every test of it passed, False when one did not (skipped included), None when it has none."""
        return all(ran.result == "passed" for ran in self.tests) if self.tests else None

    @property
    def wrong(self) -> str | None:
        """What is wrong with the claim, in one sentence; only `met` claims anything."""
        if self.clause.state != "met" or self.passed:
            return None
        if self.passed is None:
            return f"{self.clause.id} is called met, but no test carries it"
        bad = ", ".join(f"{ran.test} {ran.result}" for ran in self.tests if ran.result != "passed")
        return f"{self.clause.id} is called met, but {bad}"


def join(clauses: dict[str, Clause], results: Results) -> list[Standing]:
    """Every clause of the table, in its order, with its tests."""
    return [Standing(clause, tuple(results.clauses.get(id_, ()))) for id_, clause in clauses.items()]


def wrongs(standings: list[Standing], results: Results) -> list[str]:
    """Everything that makes the claims untrue: unproven `met`, and tests that carry an id the table lacks."""
    known = {standing.clause.id for standing in standings}
    strangers = [
        f"{clause} is carried by a test, but the table lacks it" for clause in results.clauses if clause not in known
    ]
    return [standing.wrong for standing in standings if standing.wrong] + strangers


def suggestions(standings: list[Standing]) -> list[Standing]:
    """Clauses whose tests all passed while the table does not call them met; whether they are is for a person to say."""
    return [standing for standing in standings if standing.passed and standing.clause.state != "met"]


def totals(standings: list[Standing]) -> dict[str, object]:
    """Counts: all clauses, by state, with tests, passed, and the states within each kind."""
    states = Counter(standing.clause.state for standing in standings)
    kinds = Counter((standing.clause.kind, standing.clause.state) for standing in standings)
    return {
        "clauses": len(standings),
        **{state: states[state] for state in STATES},
        "tested": sum(standing.passed is not None for standing in standings),
        "passed": sum(standing.passed is True for standing in standings),
        "wrong": sum(standing.wrong is not None for standing in standings),
        "kinds": {kind: {state: kinds[kind, state] for state in STATES} for kind in KINDS},
    }

"""Pytest plugin: `@pytest.mark.clause("RG-6.1", ...)` says which clauses' proof lines a test asserts.

At most five ids a test, all of them in the table; anything else stops the run. A run of the whole suite, or of all
marked tests (`-m clause`), writes build/clauses.json anew; a run of a part does so only where `--clauses FILE` tells
it to, so that trying one test never replaces the results of all. Imports neither Django nor the product.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mingzheng.site.conformance import results, table

MOST_IDS = 5


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two places the plugin reads and writes, for runs that are not of the whole suite."""
    group = parser.getgroup("clauses of the standards")
    group.addoption("--clauses", metavar="FILE", type=Path, help="write the results by clause to this file")
    group.addoption("--clause-table", metavar="FILE", type=Path, help="the table that knows all clause ids")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker and start recording."""
    config.addinivalue_line("markers", "clause(*ids): the clauses whose proof line this test asserts, at most five")
    config.pluginmanager.register(Recording(config), "mingzheng-clauses")


class Recording:
    """Follows one run: which marked tests were collected, how each ended. Under xdist only the controller writes."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.marked: dict[str, dict[str, object]] = {}
        self.ended: dict[str, set[tuple[str | None, str]]] = {}
        self.target = None if hasattr(config, "workerinput") else _target(config)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Report wrong markers as errors of collection, deselected tests included; xdist carries those across."""
        for node, problem in _wrong_markers(items, self.config):
            told = pytest.CollectReport(nodeid=node, outcome="failed", longrepr=problem, result=[])
            self.config.hook.pytest_collectreport(report=told)

    def pytest_sessionstart(self) -> None:
        """Results of an earlier run are gone from here on: a run that breaks off must not look like the last one."""
        if self.target is not None:
            self.target.unlink(missing_ok=True)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note the marked tests; the node id is the one the reports will carry."""
        for item in session.items:
            ids = _ids(item)
            if ids:
                self.marked[item.nodeid] = {"test": _plain(item), "ids": ids}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep every phase of every test; an expected failure shows nothing, so it counts as skipped."""
        outcome = "skipped" if hasattr(report, "wasxfail") else report.outcome
        self.ended.setdefault(report.nodeid, set()).add((report.when, outcome))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """A worker hands its list to the controller; the run itself writes the file."""
        handed = getattr(self.config, "workeroutput", None)
        if handed is not None:
            handed["clauses"] = self.marked
        elif self.target is not None and not self.config.getoption("collectonly"):
            results.write(self.target, self._results())

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Take over what a worker collected; all workers collect the same."""
        self.marked.update(getattr(node, "workeroutput", {}).get("clauses", {}))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line: how many clauses this run shows."""
        shown = self._results().clauses
        if shown:
            passed = sum(all(ran.result == "passed" for ran in tests) for tests in shown.values())
            where = f", written to {self.target}" if self.target is not None else ""
            terminalreporter.write_line(f"clauses: {len(shown)} have tests here, {passed} of them all passed{where}")

    def _results(self) -> results.Results:
        clauses: dict[str, list[results.Ran]] = {}
        for node, marked in sorted(self.marked.items()):
            for clause in marked["ids"]:  # type: ignore[attr-defined]
                ran = results.Ran(str(marked["test"]), _outcome(self.ended.get(node, set())))
                clauses.setdefault(clause, []).append(ran)
        return results.Results(results.commit_of(self.config.rootpath), clauses)


def _outcome(phases: set[tuple[str | None, str]]) -> str:
    """How a test ended; one whose call was never reported (not reached, worker lost) was not passed."""
    outcomes = {outcome for _, outcome in phases}
    if "failed" in outcomes:
        return "failed"
    return "passed" if outcomes == {"passed"} and ("call", "passed") in phases else "skipped"


def _ids(item: pytest.Item) -> list[str]:
    """The ids of all its markers, class and module included, each once."""
    return list(dict.fromkeys(clause for mark in item.iter_markers("clause") for clause in mark.args))


def _plain(item: pytest.Item) -> str:
    """The node id without the group that `--dist loadgroup` appends."""
    return (
        item.nodeid.rpartition("@")[0] if item.get_closest_marker("xdist_group") and "@" in item.nodeid else item.nodeid
    )


def _wrong_markers(items: list[pytest.Item], config: pytest.Config) -> list[tuple[str, str]]:
    """Node id and problem of every test whose markers are not as they must be."""
    marked = [item for item in items if item.get_closest_marker("clause")]
    if not marked:
        return []
    try:
        known = table.load(_table(config))
    except table.Wrong as wrong:
        return [(str(table.TABLE), str(wrong))]
    problems = []
    for item in marked:
        ids = _ids(item)
        if not ids or len(ids) > MOST_IDS:
            problems.append((item.nodeid, f"carries {len(ids)} clauses; a test carries one to {MOST_IDS}"))
        problems += [(item.nodeid, f"there is no clause {clause!r}") for clause in ids if clause not in known]
    return problems


def _table(config: pytest.Config) -> Path:
    given: Path | None = config.getoption("clause_table")
    own = config.rootpath / table.TABLE
    return table.place(given or (own if own.is_file() else None))


def _target(config: pytest.Config) -> Path | None:
    """Where this run's results go; None for a run of a part."""
    given: Path | None = config.getoption("clauses")
    if given is not None:
        return config.invocation_params.dir / given
    options = ("keyword", "lf", "deselect", "ignore", "ignore_glob", "collectonly")
    whole = (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS
        and config.getoption("markexpr") in ("", "clause")
        and not any(config.getoption(option, default=None) for option in options)
    )
    return config.rootpath / table.RESULTS if whole else None

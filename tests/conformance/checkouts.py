"""Small checkouts with a table, tests and results of their own, for the tests of the conformance tool."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

PLUGINS = ("-p", "mingzheng.site.conformance.plugin", "-p", "xdist", "-p", "no:cacheprovider")


class Checkout:
    """A folder that looks like a checkout to the tool."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "docs").mkdir()
        (folder / "pytest.ini").write_text("[pytest]\ntestpaths = tests\naddopts = --strict-markers\n")
        self.table = folder / "docs" / "conformance.yaml"
        self.results = folder / "build" / "clauses.json"

    def claims(self, **states: str) -> Checkout:
        """Write a table: `RG_1="met"` is software clause RG-1; `RG_1="device met"` gives the kind too."""
        rows = []
        for name, told in states.items():
            kind, _, state = told.rpartition(" ")
            note = "why" if state in ("partly", "outside") else ""
            row = {"id": name.replace("_", "-"), "kind": kind or "software", "area": "opening", "state": state}
            rows.append({**row, "summary": "Something that is asked for.", "note": note})
        self.table.write_text(yaml.safe_dump(rows), "utf-8")
        return self

    def shows(self, clauses: Mapping[str, Mapping[str, str]], commit: str | None = None) -> Checkout:
        """Write results: clause -> test -> passed, failed or skipped."""
        told = {id_: [{"test": t, "result": r} for t, r in tests.items()] for id_, tests in clauses.items()}
        self.results.parent.mkdir(exist_ok=True)
        self.results.write_text(json.dumps({"commit": commit, "clauses": told}))
        return self

    def tests(self, source: str) -> Checkout:
        """Write the one test file of this checkout."""
        (self.folder / "tests").mkdir(exist_ok=True)
        (self.folder / "tests" / "test_it.py").write_text(f"import pytest\nclause = pytest.mark.clause\n{source}")
        return self

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run its tests in a fresh interpreter with our plugin and xdist only."""
        return self._run("-m", "pytest", *PLUGINS, *arguments)

    def conformance(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `mingzheng conformance` on it in a fresh interpreter."""
        return self._run("-m", "mingzheng", "conformance", "--table", str(self.table), *arguments)

    def shown(self) -> dict[str, dict[str, str]]:
        """What the results file says: clause -> test -> result."""
        told = json.loads(self.results.read_text("utf-8"))
        return {id_: {ran["test"]: ran["result"] for ran in tests} for id_, tests in told["clauses"].items()}

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))}
        quiet = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": " ".join(PLUGINS)}
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=kept | quiet, capture_output=True, text=True, check=False
        )

"""What docs/threats.md calls shown is shown: every test it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_the_threat_model_names_exists():
    named = set(re.findall(r"\*(test_\w+)\*", (ROOT / "docs/threats.md").read_text("utf-8")))
    files = [path for folder in ("tests", "src") for path in (ROOT / folder).rglob("test_*.py")]
    known = {path.stem for path in files} | {
        name for path in files for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text("utf-8"), re.M)
    }
    assert len(named) >= 20
    assert named - known == set()


def test_nothing_we_export_is_a_table_a_spreadsheet_would_calculate():
    """Formulas in names can hurt where a program opens them as a table: no part of the product writes CSV or workbooks."""
    writing = re.compile(r"^\s*(import csv|from csv|.*openpyxl\.Workbook|.*text/csv)", re.M)
    found = [
        path
        for path in (ROOT / "src").rglob("*.py")
        if "tests" not in path.parts and writing.search(path.read_text("utf-8"))
    ]
    assert found == []

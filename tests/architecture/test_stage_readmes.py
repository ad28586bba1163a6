"""A stage's README names the commands and events the code has: no more, no fewer."""

import importlib
import re
from pathlib import Path

import pytest

import mingzheng
from mingzheng.kernel.event import KINDS
from mingzheng.ledger.writing import COMMANDS

PACKAGE = Path(mingzheng.__file__).parent
STAGES = sorted(folder.parent.name for folder in (PACKAGE / "stages").glob("*/README.md"))


def readme(stage: str) -> str:
    return (PACKAGE / "stages" / stage / "README.md").read_text("utf-8")


def rows(text: str) -> list[dict[str, str]]:
    """Lines of the table whose first column is headed `command`, as heading -> cell."""
    table: list[dict[str, str]] = []
    heading: list[str] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            heading = []
        elif cells[0] == "command":
            heading = [cell.removesuffix("s") for cell in cells]
        elif heading and not set(line) <= set("|- "):
            table.append(dict(zip(heading, cells, strict=True)))
    return table


def names(cell: str) -> set[str]:
    """What a cell names: words in backticks, or where there are none the words before brackets, by commas."""
    marked = re.findall(r"`([A-Za-z_0-9]+)`", cell)
    return set(marked) if marked else {part.split("(")[0].strip() for part in cell.split(",")}


@pytest.mark.parametrize("stage", STAGES)
def test_the_table_of_a_stage_names_exactly_its_commands(stage: str) -> None:
    importlib.import_module(f"mingzheng.stages.{stage}.commands")
    told = set().union(*(names(row["command"]) for row in rows(readme(stage))))
    known = {act.partition(".")[2] for act in COMMANDS if act.startswith(f"{stage}.")}
    assert told == known


@pytest.mark.parametrize("stage", STAGES)
def test_the_table_of_a_stage_names_only_events_that_exist_and_the_page_all_of_its_own(stage: str) -> None:
    importlib.import_module(f"mingzheng.stages.{stage}.events")
    classes = {kind.cls.__name__ for kind in KINDS.values()}
    text = readme(stage)
    told = {name for row in rows(text) for name in names(row["event"]) if name[:1].isupper()}
    own = {kind.cls.__name__ for kind in KINDS.values() if kind.kind.startswith(f"{stage}.")}
    missing = {name for name in own if not re.search(rf"\b{name}\b", text)}
    assert (told - classes, missing) == (set(), set())

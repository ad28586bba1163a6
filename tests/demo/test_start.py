"""When the portal of a first start opens: at once on a quick machine, on a slow one when little of the year is left."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mingzheng.site.launch import demo


class Year:
    """A year that takes `seconds`; time passes only while the launcher sleeps."""

    def __init__(self, folder: Path, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
        self.state, self.seconds, self.now = folder, seconds, 0.0
        self.supervisor = SimpleNamespace(watch=lambda: None)
        (folder / "demo").mkdir()
        monkeypatch.setattr(demo, "time", SimpleNamespace(monotonic=lambda: self.now, sleep=self._sleep))

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        over = self.now >= self.seconds
        told = {"state": "ready" if over else "loading", "steps": int(self.now), "of_steps": self.seconds}
        (self.state / "demo" / "progress.json").write_text(json.dumps({**told, "elapsed": self.now, "at": "2025-08"}))


def _opened(folder: Path, seconds: float, monkeypatch: pytest.MonkeyPatch) -> tuple[float, list[str]]:
    year, said = Year(folder, seconds, monkeypatch), list[str]()
    say: Any = said.append
    demo._let_play(year, say)  # type: ignore[arg-type]
    return year.now, said


def test_on_a_quick_machine_the_portal_opens_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, said = _opened(tmp_path, 90.0, monkeypatch)
    assert opened <= demo.LOOK_FIRST + 1
    assert not said


def test_on_a_slow_machine_it_opens_when_little_is_left_and_says_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, said = _opened(tmp_path, 480.0, monkeypatch)
    assert 480.0 - demo.REST_SECONDS - 10 <= opened <= 480.0 - demo.REST_SECONDS + 20
    assert "past year" in said[0] and "2025-08" in said[0]


def test_a_year_that_does_not_go_on_does_not_keep_the_portal_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, _said = _opened(tmp_path, 1e9, monkeypatch)
    assert opened <= demo.MOST_ALONE + 1


@pytest.mark.parametrize(("state", "loading"), [("loading", True), ("ready", False), ("foreign", False)])
def test_only_a_year_that_is_being_played_is_waited_for(tmp_path: Path, state: str, loading: bool) -> None:
    assert demo._loading(tmp_path) == {}  # nothing noted yet
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "progress.json").write_text(json.dumps({"state": state}))
    assert (demo._loading(tmp_path) is not None) is loading

"""How far the demo's loading is: a small file of the deployment that the pages read."""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from mingzheng.kernel import clock


@dataclass
class Progress:
    """`state`: loading, ready, or foreign (a centre this demo did not make). `done` names finished scenes; `steps` of about
    `of_steps` were played; `again` counts the tenders made for later starts."""

    path: Path
    state: str = "loading"
    begun: bool = False
    of: int = 0
    done: list[str] = field(default_factory=list)
    lots: dict[str, list[str]] = field(default_factory=dict)
    at: str = ""
    elapsed: float = 0.0
    steps: int = 0
    of_steps: int = 0
    live: str = ""
    again: int = 0

    @classmethod
    def read(cls) -> "Progress":
        """As the file has it; a fresh one when there is none."""
        path = folder() / "progress.json"
        try:
            return cls(path, **json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return cls(path)

    @property
    def tenders(self) -> int:
        """Procedures begun so far."""
        return len(self.lots)

    def begin(self, of: int, of_steps: int) -> None:
        self.begun, self.of, self.of_steps = True, of, of_steps
        self._write()

    def note(self, at: datetime, name: str, lots: dict[str, list[UUID]], elapsed: float) -> None:
        """A step was played; `name` when it was its scene's last."""
        if name:
            self.done.append(name)
        self.lots = {key: [str(one) for one in value] for key, value in lots.items()}
        self.at, self.elapsed, self.steps = clock.text(at), elapsed, self.steps + 1
        self._write()

    def finish(self, state: str, live: UUID | None = None) -> None:
        self.state, self.live = state, str(live) if live else ""
        self._write()

    def _write(self) -> None:
        content = {name: value for name, value in asdict(self).items() if name != "path"}
        write(self.path, content)


def demo_is_loading() -> bool:
    """Whether the past year is still being played: the clock is not the visitors' then."""
    return settings.MINGZHENG_MODE == "demo" and Progress.read().state == "loading"


def folder() -> Path:
    """Where the demo keeps its own files."""
    return Path(settings.MINGZHENG_STATE) / "demo"


def write(path: Path, content: Any) -> None:
    """A JSON file, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(json.dumps(content, ensure_ascii=False, default=str), "utf-8")
    aside.replace(path)

"""Archives: fetched, kept under a folder that stays, and verified from a copy elsewhere with nothing but Python."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from mingzheng.site.rehearse.play import Play, Stage, wait
from mingzheng.site.rehearse.wire import Refusal


class NotVerified(RuntimeError):
    """The archive's own verifier refused it."""


def keep(stage: Stage, play: Play, folder: Path) -> None:
    """Wait for the package and bring it into `folder`: copied where it lies on this machine, else downloaded."""
    found = wait("the archive", lambda: _ready(stage, play))
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", play.tender.ocid)[:80]
    target = folder / f"{play.place:04d}-{name}"
    path = Path(found["path"])
    try:
        shutil.copytree(path, target)
    except OSError:
        shutil.rmtree(target, ignore_errors=True)
        _download(stage, play, target)
    play.archive = target.resolve()


def _ready(stage: Stage, play: Play) -> dict[str, str] | None:
    state = stage.cast.archivist.get(f"/lots/{play.lot}/archive.json")
    return state if state["state"] == "ready" else None


def _download(stage: Stage, play: Play, target: Path) -> None:
    path = f"/lots/{play.lot}/archive.zip"
    answer = stage.cast.archivist.read(path)
    with tempfile.TemporaryDirectory(dir=target.parent) as aside, zipfile.ZipFile(io.BytesIO(answer)) as packed:
        packed.extractall(aside)
        inside = [one for one in Path(aside).iterdir() if one.is_dir()]
        if len(inside) != 1:
            raise Refusal("GET", path, 200, "not one folder")
        inside[0].rename(target)


def verify(play: Play) -> None:
    """Run the archive's `verify.py` inside a copy, in Python's isolated mode, and count its entries. Raises `NotVerified`."""
    assert play.archive is not None
    with tempfile.TemporaryDirectory(prefix="mingzheng-verify-") as elsewhere:
        copy = Path(elsewhere, "archive")
        shutil.copytree(play.archive, copy)
        done = subprocess.run(
            [sys.executable, "-I", "verify.py", "--json"], cwd=copy, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, env={"PATH": "/usr/bin:/bin"},
        )  # fmt: skip
    if done.returncode != 0:
        raise NotVerified(f"{play.tender.ocid}: {(done.stdout + done.stderr).strip()[-1500:]}")
    play.entries = int(json.loads(done.stdout)["entries"])

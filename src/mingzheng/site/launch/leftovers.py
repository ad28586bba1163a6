"""What killed runs leave behind is known by the process number in its name, and removed by the next run."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mingzheng.site.launch.postgres import Server
from mingzheng.site.launch.processes import is_alive


def own_folder(prefix: str) -> Path:
    """A fresh folder of mode 700 in the temporary directory, named after this process; those of dead ones are removed."""
    for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        if path.is_dir() and path.stat().st_uid == os.geteuid() and _is_orphan(path.name, prefix):
            shutil.rmtree(path, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-"))


def sweep_databases(server: Server, prefixes: Sequence[str], *, also: int = 0) -> None:
    """Drop the databases of dead processes, and those of the process `also`."""
    for prefix in prefixes:
        for name in server.databases(prefix):
            if _is_orphan(name, prefix, also):
                server.drop_database(name)


def _is_orphan(name: str, prefix: str, also: int = 0) -> bool:
    found = re.match(r"\d+", name.removeprefix(prefix))
    return found is not None and (int(found.group()) == also or not is_alive(int(found.group())))

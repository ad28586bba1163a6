"""The files of the project, as git knows them (new ones included, ignored ones not)."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def tracked(suffixes: set[str] | None = None) -> Iterator[Path]:
    """Paths relative to the checkout, sorted; only those with one of the suffixes when given."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in sorted(set(listed.stdout.decode().split("\0")) - {""}):
        path = Path(name)
        if (ROOT / path).is_file() and (suffixes is None or path.suffix in suffixes):
            yield path

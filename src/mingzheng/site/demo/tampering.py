"""One byte of a copy of an archive is changed, and both are judged by the verifier that lies in the archive itself."""

import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_noop

from mingzheng.ledger import proving

SECONDS = 60
LINES = 7


@dataclass(frozen=True, slots=True)
class Place:
    """What may be spoiled: files of the archive, and the bytes in them (the last match is taken; its group is changed)."""

    label: str
    files: str
    what: re.Pattern[bytes]


PLACES = {
    "price": Place(gettext_noop("中标价的一个数字"), "ledger/streams/lot-*.jsonl", re.compile(rb"(\d)\d{5,}\.\d\d")),
    "time": Place(gettext_noop("一个时刻的一分钟"), "ledger/streams/lot-*.jsonl", re.compile(rb"T\d\d:\d(\d):\d\d\.")),
    "bid": Place(gettext_noop("一份加密投标文件里的一个字节"), "bids/*.mzb", re.compile(rb"(?s)^.{600}(.)")),
    "paper": Place(gettext_noop("一份中标通知书里的一个字节"), "documents/award_notice-*.pdf", re.compile(rb"(?s)^.{900}(.)")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """The byte that was changed: file inside the archive, offset, line (text files), before and after, what surrounds it."""

    file: str
    offset: int
    line: int | None
    before: str
    after: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verify.py said: whether it accepted the folder, its own words, and how many more lines there were."""

    ok: bool
    said: list[str]
    more: int


@dataclass(frozen=True, slots=True)
class Trial:
    """The original and its spoiled copy side by side."""

    change: Change
    original: Verdict
    copy: Verdict


def trial(archive: Path, place: str) -> Trial:
    """Copy the archive twice aside, spoil one byte of one copy, run each copy's own verifier. The archive stays untouched."""
    with tempfile.TemporaryDirectory(prefix="mingzheng-trial-") as aside:
        good, bad = Path(aside, "original"), Path(aside, "copy")
        for target in (good, bad):
            shutil.copytree(archive, target)
        change = _spoil(bad, PLACES[place])
        keys = Path(aside, "keys.txt")
        keys.write_text("\n".join(_keys()) + "\n", "utf-8")
        with ThreadPoolExecutor(2) as pool:
            original, copy = pool.map(lambda folder: _verify(folder, keys), (good, bad))
    return Trial(change, original, copy)


def _spoil(folder: Path, place: Place) -> Change:
    path = sorted(folder.glob(place.files))[0]
    content = bytearray(path.read_bytes())
    at = [found.start(1) for found in place.what.finditer(bytes(content))][-1]
    before = content[at]
    text = chr(before).isdigit()
    content[at] = ord("9" if before != ord("9") else "8") if text else before ^ 1
    path.write_bytes(content)
    line = content.count(b"\n", 0, at) + 1 if path.suffix == ".jsonl" else None
    return Change(
        str(path.relative_to(folder)), at, line, _shown(bytes([before]), text=text), _shown(bytes([content[at]]), text=text),
        _shown(bytes(content[max(0, at - 14) : at]), text=text), _shown(bytes(content[at + 1 : at + 15]), text=text),
    )  # fmt: skip


def _shown(raw: bytes, *, text: bool) -> str:
    return raw.decode("utf-8", "replace").replace("\ufffd", "…") if text else raw.hex(" ")


def _keys() -> list[str]:
    found = proving.keys()
    cosigners = [f"cosigner {value}" for name, value in found.items() if name.startswith("cosigner")]
    return [f"log {found['log']}", f"receipts {found['receipts']}", *cosigners]


def _verify(folder: Path, keys: Path) -> Verdict:
    """The folder's own verify.py in Python's isolated mode."""
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "--trust", str(keys)], cwd=folder, capture_output=True, text=True,
        check=False, stdin=subprocess.DEVNULL, timeout=SECONDS, env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    lines = [line.rstrip() for line in done.stdout.splitlines() if line.strip()]
    return Verdict(done.returncode == 0, lines[:LINES], max(0, len(lines) - LINES))

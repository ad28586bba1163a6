"""Play the sizes written in the issues and write docs/acceptance.json: commit, machine, figures and time of each part.

`make acceptance` plays everything; `make acceptance ONLY=kills,matrix` some parts, whose figures replace theirs in the file
of the same commit. `OCDS=FILE` names the releases to play (default: the examples shipped with the project).
Exit status 1 when a part is not green.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
FOLDER = ROOT / "build" / "acceptance"
TARGET = ROOT / "docs" / "acceptance.json"
TENDERS = os.environ.get("OCDS") or str(ROOT / "docs" / "examples" / "two_tenders.jsonl")
LIMIT = os.environ.get("LIMIT", "20")

Figures = dict[str, Any]


def rehearsal(suite: str) -> Figures:
    """Play the tenders over HTTP and verify each archive in another folder with plain Python."""
    report, archives = FOLDER / f"report-{suite}.json", FOLDER / f"archives-{suite}"
    command = [str(BIN / "mingzheng"), "rehearse", "--ocds", TENDERS, "--limit", LIMIT, "--suite", suite]
    done = subprocess.run([*command, "--archives", str(archives), "--report", str(report)], check=False)
    if not report.exists():
        return {"ok": False, "status": done.returncode}
    found = json.loads(report.read_text("utf-8"))
    verified = sum(_verifies(Path(one["archive"])) for one in found["procedures"] if one.get("archive"))
    outcomes: dict[str, int] = {}
    for one in found["procedures"]:
        outcomes[one["outcome"]] = outcomes.get(one["outcome"], 0) + 1
    return {
        "ok": done.returncode == 0 and verified == len(found["procedures"]) > 0,
        "procedures": len(found["procedures"]), "bidders": sum(one["bidders"] for one in found["procedures"]),
        "outcomes": outcomes, "archives_verified": verified, "entries": found["verify"]["entries"],
    }  # fmt: skip


def _verifies(archive: Path) -> bool:
    with tempfile.TemporaryDirectory() as elsewhere:
        copy = Path(elsewhere) / "archive"
        shutil.copytree(archive, copy)
        done = subprocess.run(
            [sys.executable, "-I", "verify.py"], cwd=copy, check=False, capture_output=True, timeout=300
        )
        return done.returncode == 0


def forgery() -> Figures:
    """At least 1,000 random trials of flips, deletions, swaps and insertions, and the recomputing forger."""
    return {"trials": 1000, **_tests("src/mingzheng/ledger/tests/test_forgery.py", MINGZHENG_TRIALS="1000")}


def kills() -> Figures:
    """1,000 random kills of web, worker, cosigners and PostgreSQL while tenders are played."""
    return _tests("tests/faults/test_random_kills.py", MINGZHENG_KILLS="1000", MINGZHENG_TENDERS=TENDERS)


def matrix() -> Figures:
    """Every command killed at every point, and the whole centre with its faults."""
    every = _tests("tests/faults/test_every_command.py", MINGZHENG_FAULTS_SIZE="full")
    centre = _tests("tests/faults/test_centre.py", "tests/faults/test_clock.py", "tests/faults/test_disk.py")
    return {**every, "ok": every["ok"] and centre["ok"]}


def seal() -> Figures:
    """Memory of sealing and opening a file of 2 GB."""
    record = FOLDER / "seal.jsonl"
    done = subprocess.run(
        [str(BIN / "mingzheng"), "bench", "seal", "--rounds", "1", "--record", str(record)], cwd=ROOT, check=False
    )
    lines = [json.loads(line) for line in record.read_text("utf-8").splitlines()] if record.exists() else []
    return {"ok": done.returncode == 0 and bool(lines), "measures": lines}


def _tests(*paths: str, **environment: str) -> Figures:
    """Run these tests; what they tell in the file of MINGZHENG_FIGURES goes along."""
    told = FOLDER / f"figures-{time.monotonic_ns()}.json"
    done = subprocess.run(
        [str(BIN / "pytest"), "-q", "-n", "0", "-p", "no:cacheprovider", *paths], cwd=ROOT, check=False,
        env={**os.environ, "MINGZHENG_FIGURES": str(told), **environment},
    )  # fmt: skip
    figures = json.loads(told.read_text("utf-8")) if told.exists() else {}
    return {**figures, "ok": done.returncode == 0}


PARTS: dict[str, Callable[[], Figures]] = {
    "rehearsal": lambda: rehearsal("INTL-1"), "rehearsal-gm": lambda: rehearsal("GM-1"), "forgery": forgery,
    "matrix": matrix, "kills": kills, "seal": seal,
}  # fmt: skip


def main() -> int:
    """Play the parts asked for, one after another, and write what they told."""
    wanted = [name for name in os.environ.get("ONLY", "").replace(",", " ").split() if name] or list(PARTS)
    if unknown := sorted(set(wanted) - set(PARTS)):
        print(f"no such part: {', '.join(unknown)}; parts: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    commit = _git("rev-parse", "HEAD")
    figures = _of_same_commit(commit)
    for name in wanted:
        began = time.monotonic()
        print(f"== {name}", flush=True)
        figures[name] = {**PARTS[name](), "seconds": round(time.monotonic() - began, 1)}
        _write(commit, figures)
    print(TARGET.read_text("utf-8"))
    return 0 if all(figures[name]["ok"] for name in wanted) else 1


def _of_same_commit(commit: str) -> dict[str, Figures]:
    """Figures of parts played before on this very commit."""
    if os.environ.get("ONLY") and TARGET.exists():
        before = json.loads(TARGET.read_text("utf-8"))
        if before.get("commit") == commit:
            return {name: one for name, one in before["figures"].items() if name in PARTS}
    return {}


def _write(commit: str, figures: dict[str, Figures]) -> None:
    """Green only when every part was played and held."""
    written = {
        "commit": commit,
        "dirty": bool(_git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/acceptance.json")),
        "date": time.strftime("%Y-%m-%d"),
        "green": set(figures) == set(PARTS) and all(one["ok"] for one in figures.values()),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
        "seconds": round(sum(one["seconds"] for one in figures.values()), 1),
        "figures": {name: figures[name] for name in PARTS if name in figures},
    }
    aside = TARGET.with_suffix(".new")
    aside.write_text(json.dumps(written, ensure_ascii=False, indent=2) + "\n", "utf-8")
    aside.replace(TARGET)


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

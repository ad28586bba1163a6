"""Play the sizes written in the issues and write docs/acceptance.json: commit, machine, figures.

`make acceptance` plays the example tenders shipped with the project; `make acceptance OCDS=FILE LIMIT=20` plays others.
Exit status 1 when an archive does not verify, a tender is not awarded to the lowest price, or a forgery goes unseen.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
FOLDER = ROOT / "build" / "acceptance"
TRIALS = "1000"


def main() -> int:
    """Rehearse, verify every archive elsewhere, try 1,000 forgeries; 0 when all held."""
    tenders = os.environ.get("OCDS") or str(ROOT / "docs" / "examples" / "two_tenders.jsonl")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    figures = {"rehearsal": rehearsal(tenders), "forgery": forgery()}
    green = all(part["ok"] for part in figures.values())
    written = {
        "commit": _git("rev-parse", "HEAD"),
        "dirty": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "date": time.strftime("%Y-%m-%d"),
        "green": green,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
        "figures": figures,
    }
    text = json.dumps(written, ensure_ascii=False, indent=2) + "\n"
    (ROOT / "docs" / "acceptance.json").write_text(text, "utf-8")
    print(text)
    return 0 if green else 1


def rehearsal(tenders: str) -> dict[str, Any]:
    """Play the tenders over HTTP and verify each archive in another folder with plain Python."""
    report = FOLDER / "report.json"
    began = time.monotonic()
    command = [str(BIN / "mingzheng"), "rehearse", "--ocds", tenders, "--limit", os.environ.get("LIMIT", "20")]
    done = subprocess.run([*command, "--archives", str(FOLDER / "archives"), "--report", str(report)], check=False)
    if not report.exists():
        return {"ok": False, "status": done.returncode}
    found = json.loads(report.read_text("utf-8"))
    verified = sum(_verifies(Path(one["archive"])) for one in found["procedures"] if one.get("archive"))
    outcomes: dict[str, int] = {}
    for one in found["procedures"]:
        outcomes[one["outcome"]] = outcomes.get(one["outcome"], 0) + 1
    return {
        "ok": done.returncode == 0 and verified == len(found["procedures"]),
        "procedures": len(found["procedures"]), "bidders": sum(one["bidders"] for one in found["procedures"]),
        "outcomes": outcomes, "archives_verified": verified, "entries": found["verify"]["entries"],
        "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip


def _verifies(archive: Path) -> bool:
    with tempfile.TemporaryDirectory() as elsewhere:
        copy = Path(elsewhere) / "archive"
        shutil.copytree(archive, copy)
        done = subprocess.run(
            [sys.executable, "-I", "verify.py"], cwd=copy, check=False, capture_output=True, timeout=300
        )
        return done.returncode == 0


def forgery() -> dict[str, Any]:
    """At least 1,000 random trials of flips, deletions, swaps and insertions, and the recomputing forger."""
    began = time.monotonic()
    done = subprocess.run(
        [str(BIN / "pytest"), "-q", "-p", "no:cacheprovider", "src/mingzheng/ledger/tests/test_forgery.py"],
        cwd=ROOT, check=False, env={**os.environ, "MINGZHENG_TRIALS": TRIALS},
    )  # fmt: skip
    return {"ok": done.returncode == 0, "trials": int(TRIALS), "seconds": round(time.monotonic() - began, 1)}


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

"""Dependencies: at least as new as every known fix, installed as locked, under licences we may ship, without foreign scripts.

Asked besides, where they can be reached: OSV (through pip-audit) and the npm registry's audit. A machine without a network is
told so and passes on the offline list (scripts/advisories.toml) alone.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import metadata
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version
from tracked import ROOT

KNOWN = tomllib.loads((ROOT / "scripts/advisories.toml").read_text("utf-8"))
PATIENCE = 60  # seconds for one source
COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|GNU (Affero )?General Public)", re.I)
NOT_WANTED = {"@napi-rs/canvas"}  # pdf.js names it for servers; it draws in browsers only
MAY_RUN_AT_INSTALL = {"esbuild"}  # fetches its own binary, pinned by the lock file's digest
NOT_REACHED = "note: {source} could not be asked; only the offline list of advisories was used"


def locked() -> dict[str, str]:
    """Package -> version of requirements.lock."""
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pairs = (line.partition(" ;")[0].partition("==") for line in lines)
    return {canonicalize_name(name): version for name, _, version in pairs}


def npm_locked() -> dict[str, dict[str, Any]]:
    """Package -> its record in package-lock.json."""
    packages = json.loads((ROOT / "frontend/package-lock.json").read_text("utf-8"))["packages"]
    return {path.rpartition("node_modules/")[2]: record for path, record in packages.items() if path}


def too_old(versions: dict[str, str], floors: dict[str, dict[str, str]]) -> Iterator[str]:
    """Packages older than a known fix."""
    for name, floor in floors.items():
        if name in versions and Version(versions[name]) < Version(floor["least"]):
            yield f"{name} {versions[name]} is older than {floor['least']}: {floor['because']}"


def as_installed(versions: dict[str, str]) -> Iterator[str]:
    """Installed packages that are not the locked ones, or are under a licence we may not ship."""
    for found in metadata.distributions():
        name = canonicalize_name(found.metadata["Name"])
        if name in versions and found.version != versions[name]:
            yield f"{name} {found.version} is installed, {versions[name]} is locked. make setup"
        classifiers = [one for one in found.metadata.get_all("Classifier") or [] if one.startswith("License")]
        said = [found.metadata.get("License-Expression") or "", *classifiers]
        if name in versions and any(COPYLEFT.search(one) for one in said):
            yield f"{name}: licence {' '.join(said).strip()}"


def npm_sound(packages: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Packages of the front end without a digest, or that run something when they are installed."""
    for name, record in packages.items():
        if not record.get("link") and not str(record.get("integrity", "")).startswith("sha512-"):
            yield f"frontend: {name} has no digest in package-lock.json"
        if name in NOT_WANTED:
            yield f"frontend: {name} is locked; take it out of package-lock.json again"
        if record.get("hasInstallScript") and name not in MAY_RUN_AT_INSTALL:
            yield f"frontend: {name} runs a script when it is installed"


def today() -> date:
    """The checking machine's day."""
    return datetime.now(UTC).date()  # noqa: TID251 -- no deployment, no deployment's clock


def accepted(identifier: str, at: date) -> bool:
    """Whether an advisory was looked at and accepted until a day that has not passed."""
    record = KNOWN["accepted"].get(identifier)
    return record is not None and at <= date.fromisoformat(record["until"])


def ask_osv() -> Iterator[str]:
    """What OSV knows of the locked packages."""
    call = [sys.executable, "-m", "pip_audit", "-r", "requirements.lock", "--no-deps", "--disable-pip", "-s", "osv"]
    told = _asked([*call, "-f", "json", "--progress-spinner", "off", "--timeout", "10"])
    packages = (told or {}).get("dependencies", [])
    if not any("vulns" in one for one in packages):
        yield NOT_REACHED.format(source="OSV")
        return
    for one in packages:
        for fault in one.get("vulns", ()):
            if not accepted(fault["id"], today()):
                yield f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version'}"


def ask_npm() -> Iterator[str]:
    """What the npm registry knows of the front end's packages."""
    told = _asked(["npm", "--prefix", "frontend", "audit", "--json", "--package-lock-only", "--fetch-retries", "0"])
    if told is None or "vulnerabilities" not in told:
        yield NOT_REACHED.format(source="the npm registry's audit")
        return
    for name, found in told["vulnerabilities"].items():
        if not accepted(f"npm:{name}", today()):
            yield f"frontend: {name}: {found.get('severity')}"


def _asked(call: list[str]) -> dict[str, Any] | None:
    try:
        done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
        told = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return told if isinstance(told, dict) else None


def main() -> int:
    """Print notes and faults; 1 when there is a fault."""
    versions, packages = locked(), npm_locked()
    found = [
        *too_old(versions, KNOWN["python"]), *as_installed(versions), *npm_sound(packages),
        *too_old({name: one["version"] for name, one in packages.items() if "version" in one}, KNOWN["npm"]),
        *ask_osv(), *ask_npm(),
    ]  # fmt: skip
    print("\n".join(found))
    return int(any(not one.startswith("note:") for one in found))


if __name__ == "__main__":
    sys.exit(main())

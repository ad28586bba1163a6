"""Names that say nothing are banned for modules and classes: a reader must learn from a name what the thing is."""

import ast
import re
import sys

from tracked import ROOT, tracked

BANNED = {"utils", "helpers", "common", "base", "core", "manager", "service", "handler", "processor", "data", "info"}
BANNED |= {"util", "helper", "misc", "managers", "services", "handlers", "processors"}


def words(name: str) -> list[str]:
    """BidManager -> [bid, manager]."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def main() -> int:
    """Name every module and class whose last word is banned; 1 when there is one."""
    wrong = []
    for path in tracked({".py", ".ts"}):
        for part in path.with_suffix("").parts:
            if part.lower() in BANNED:
                wrong.append(f"{path}: the name {part!r} says nothing")
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and (words(node.name) or [""])[-1] in BANNED:
                wrong.append(f"{path}:{node.lineno}: the name {node.name!r} says nothing")
    print("\n".join(wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

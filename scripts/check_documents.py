"""Documents a reader relies on: READMEs short, the conformance file legal, links that lead somewhere, guides that name what is there."""

import re
import sys
from collections.abc import Iterator

from tracked import ROOT, tracked

README_LINES = 250
CLAUSES = 676
STATES = {"met", "partly", "open", "outside"}
KINDS = {"software", "device", "organisation"}
QUOTED = re.compile(r'"([^"\n]*[\u4e00-\u9fff][^"\n]*)"')  # what a guide says stands on a page
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def ci_command() -> str:
    """What CI runs: the last line of .ci/run."""
    return (ROOT / ".ci/run").read_text("utf-8").splitlines()[-1].strip()


def readmes() -> Iterator[str]:
    """READMEs that are too long, and stages without one."""
    for name in ("README.md", "README.zh-CN.md"):
        path = ROOT / name
        if path.exists() and len(path.read_text("utf-8").splitlines()) >= README_LINES:
            yield f"{name}: {README_LINES} lines or more"
        if path.exists() and f"\n{ci_command()} " not in path.read_text("utf-8"):
            yield f"{name}: does not give `{ci_command()}`, the command CI runs"
    for stage in sorted((ROOT / "src/mingzheng/stages").glob("*/apps.py")):
        if not stage.with_name("README.md").exists():
            yield f"{stage.parent.relative_to(ROOT)}: the stage has no README.md"


def conformance() -> Iterator[str]:
    """Records of docs/conformance.yaml that are missing, doubled or of no legal state."""
    path = ROOT / "docs/conformance.yaml"
    if not path.exists():
        return
    import yaml

    loaded = yaml.safe_load(path.read_text("utf-8"))
    records = loaded["clauses"] if isinstance(loaded, dict) else loaded
    if isinstance(records, dict):
        records = [{"id": key, **value} for key, value in records.items()]
    ids = [record["id"] for record in records]
    if len(set(ids)) != CLAUSES or len(ids) != CLAUSES:
        yield f"docs/conformance.yaml: {len(ids)} records, {len(set(ids))} ids; {CLAUSES} expected"
    for record in records:
        if record.get("kind") not in KINDS or record.get("state") not in STATES:
            yield f"docs/conformance.yaml: {record['id']}: kind {record.get('kind')}, state {record.get('state')}"
        elif record["state"] == "outside" and record["kind"] == "software":
            yield f"docs/conformance.yaml: {record['id']}: software cannot be outside"


def links() -> Iterator[str]:
    """Relative links of Markdown files that lead nowhere."""
    for path in tracked({".md"}):
        for target in LINK.findall((ROOT / path).read_text("utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                place = ROOT / target.lstrip("/") if target.startswith("/") else (ROOT / path).parent / target
                if not place.exists():
                    yield f"{path}: the link {target} leads nowhere"


def labels() -> Iterator[str]:
    """Chinese words a guide quotes from a page that no page, program or script has."""
    source = "".join((ROOT / path).read_text("utf-8") for path in tracked({".html", ".py", ".ts"}))
    for guide in sorted((ROOT / "docs/guides").glob("*.md")):
        for words in QUOTED.findall(guide.read_text("utf-8")):
            if words not in source:
                yield f"{guide.relative_to(ROOT)}: no page says {words}"


def main() -> int:
    """Print what is wrong; 1 when something is."""
    wrong = [*readmes(), *conformance(), *links(), *labels()]
    print("\n".join(wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

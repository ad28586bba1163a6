"""No secret stands in the tree or in recent history: keys, tokens, passwords in addresses, long random texts beside such words.

A text that only looks like one is named in KNOWN by its digest, with the reason; so are folders of public test keys.
"""

import hashlib
import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

from tracked import ROOT, tracked

# Written so that this file does not match itself.
PATTERNS = {
    "private key": re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE [K]EY-----\s+[\w+/=\s]{40}"),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "token": re.compile(
        r"\b(?:gh[pousr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|sk-[A-Za-z0-9]{32,}|npm_\w{36}|[p]ypi-[\w-]{50,})"
    ),
    "signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "password in an address": re.compile(r"\b[a-z][a-z0-9+]{2,}://[^/\s:@{}'\"<>]{1,40}:([^/\s:@{}$'\"<>*]{4,80})@"),
    "password beside its name": re.compile(
        r"""(?i)\b(?:password|passwd|secret_key|api_?key|access_token|client_secret)\b["']?\s*[:=]\s*["']([^"'\s{}<>$]{8,})["']"""
    ),
}
NAMED = re.compile(r"""(?i)(?:key|secret|token|passw|seed|private)\w*["']?\s*[:=(]\s*["']([A-Za-z0-9+/_=-]{32,})["']""")
RANDOM = 4.0  # bits a character; words and names stay below
RANDOM_HEX = 3.3
# Folders whose keys are public on purpose: vectors anybody recomputes, evidence of past versions.
PUBLIC = re.compile(r"(^|/)(vectors?|golden|tests)(/|$)|package-lock\.json$|\.(po|svg|lock)$")
BINARY = {".png", ".jpg", ".woff2", ".ttf", ".otf", ".pdf", ".gz", ".ico", ".mo", ".webp", ".zip", ".mzb"}
COMMITS = 300
KNOWN = {
    # first 12 digits of the SHA-256 of the text: why it is no secret
    "e169357d7eb9": "the demo cast's password, printed on its login page; demo and rehearsal alone have these people",
    "861041984b18": "of a key file a measurement makes and throws away",
    "5e884898da28": "stands for the reader's own in an example",
}  # fmt: skip


def entropy(text: str) -> float:
    """Bits a character."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def secrets_in(text: str, *, public: bool = False) -> Iterator[tuple[int, str, str]]:
    """(line, what, digest) of everything that looks like a secret; in public folders only real keys and tokens of others."""
    for what, pattern in PATTERNS.items():
        if public and what in ("private key", "password beside its name", "password in an address"):
            continue
        for found in pattern.finditer(text):
            yield from _told(text, found.start(), what, found.group(found.lastindex or 0))
    for found in () if public else NAMED.finditer(text):
        value = found.group(1)
        least = RANDOM_HEX if re.fullmatch(r"[0-9a-fA-F]+", value) else RANDOM
        if entropy(value) >= least:
            yield from _told(text, found.start(), "long random text", value)


def _told(text: str, start: int, what: str, value: str) -> Iterator[tuple[int, str, str]]:
    digest = hashlib.sha256(value.encode()).hexdigest()[:12]
    if digest not in KNOWN:
        yield text.count("\n", 0, start) + 1, what, digest


def in_tree() -> Iterator[str]:
    """Secrets in files git knows."""
    for path in tracked():
        if path.suffix not in BINARY:
            text = (ROOT / path).read_text("utf-8", "replace")
            for line, what, digest in secrets_in(text, public=bool(PUBLIC.search(str(path)))):
                yield f"{path}:{line}: {what} ({digest})"


def in_history() -> Iterator[str]:
    """Secrets in lines that recent commits added, also where a later one took them away again."""
    call = [
        "git",
        "-c",
        "safe.directory=*",
        "log",
        f"-{COMMITS}",
        "-p",
        "-U0",
        "--no-color",
        "--no-ext-diff",
        "--format=%x00%h",
    ]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, check=False)
    for commit in done.stdout.decode("utf-8", "replace").split("\0")[1:]:
        name, _, rest = commit.partition("\n")
        for part in re.split(r"^diff --git a/", rest, flags=re.M)[1:]:
            path = part.partition(" ")[0]
            if path.endswith(tuple(BINARY)):
                continue
            added = "\n".join(
                line[1:] for line in part.split("\n") if line.startswith("+") and not line.startswith("+++")
            )
            for _, what, digest in secrets_in(added, public=bool(PUBLIC.search(path))):
                yield f"commit {name}: {path}: {what} ({digest})"


def main() -> int:
    """Name every find; 1 when there is one."""
    wrong = [*in_tree(), *in_history()]
    print("\n".join(wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

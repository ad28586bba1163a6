"""Nothing of the machines this was written on may stand in a tracked file: no package hosts, no folders of a person."""

import re
import sys

from tracked import ROOT, tracked

# Written so that this file does not match itself.
TRACES = {
    "host of a package index": re.compile(
        r"pypi[.]org|pythonhosted[.]org|registry[.](npmjs|yarnpkg)[.]|deb[.]debian[.]org|[a-z0-9-]+[.](internal|corp)\b"
    ),
    "folder of one machine": re.compile(r"(?<![\w.])/(work/(main|shared|[.]library)|farm/|home/\w+/|root/[.]\w+)"),
    "private address": re.compile(r"\b(192[.]168|172[.](1[6-9]|2\d|3[01]))[.]\d+[.]\d+\b"),
    "private key": re.compile(r"-----BEGIN (EC |RSA |ENCRYPTED )?PRIVATE [K]EY-----\n[\w+/]{40}"),
}
BINARY = {".png", ".jpg", ".woff2", ".ttf", ".otf", ".pdf", ".gz", ".ico", ".mo", ".webp"}


def main() -> int:
    """Name every line with such a trace; 1 when there is one."""
    wrong = []
    for path in tracked():
        if path.suffix in BINARY:
            continue
        text = (ROOT / path).read_text("utf-8", "replace")
        for what, pattern in TRACES.items():
            for found in pattern.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                wrong.append(f"{path}:{line}: {what}: {found.group(0)}")
    print("\n".join(wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

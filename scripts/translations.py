"""English for every Chinese source string: extract, check, compile. Chinese is the source language, so only English is kept.

    python scripts/translations.py            check: every string has English, with the same {placeholders}; compile
    python scripts/translations.py --update   add missing strings, untranslated, to locale/en/<part>.po and drop unused ones
    python scripts/translations.py --compile  only write src/mingzheng/locale/en/LC_MESSAGES/django.mo

A part is a stage, a reader or a top folder (bidding.po, portal.po, site.po); each is edited by hand.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections import defaultdict
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "mingzheng"
PO = ROOT / "locale" / "en"
MO = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.mo"
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "label", "say"}
KEYWORDS = {
    "refusal": {"what", "todo"},
    "RefusalKind": {"what", "todo"},
    "Need": {"what", "who", "until"},
    "notify": {"title", "text"},
}
WORDY = {"navigation.py", "tasks.py", "lotpage.py"}  # every short Chinese string in them is shown
CJK = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
Found = dict[str, set[str]]


def part_of(path: Path) -> str:
    """The catalogue a file's strings stand in: its stage, reader or top folder."""
    parts = path.relative_to(SOURCE).parts
    return parts[1] if parts[0] in ("stages", "readers") and len(parts) > 2 else parts[0].removesuffix(".py")


def in_python(path: Path) -> set[str]:
    """Strings of gettext calls, labels of acts, declared refusals and needs, every short Chinese string of some modules."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if path.name in WORDY:
        return {
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and len(n.value) < 20 and CJK.search(n.value)
        }
    found = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        wanted: list[ast.expr] = list(call.args[:1]) if name in CALLS else []
        wanted += [k.value for k in call.keywords if k.arg in KEYWORDS.get(name, ())]
        wanted += call.args[:1] + call.args[2:3] if name == "Need" else []
        if name == "acts":  # acts(lot, actor, ("stage.act", "label"), …)
            wanted += [pair.elts[1] for pair in call.args[2:] if isinstance(pair, ast.Tuple) and len(pair.elts) == 2]
        found |= {one.value for one in wanted if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def in_template(path: Path) -> set[str]:
    """Strings of translate and blocktranslate tags."""
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    found = set()
    for _line, _function, message, _comments in extract_python(io.BytesIO(code.encode("utf-8")), CALLS, [], {}):
        found.add(message if isinstance(message, str) else message[0])
    return found


def extracted() -> dict[str, set[str]]:
    """Every Chinese source string, by part."""
    found: Found = defaultdict(set)
    for path in sorted(SOURCE.rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            found[part_of(path)] |= in_python(path)
    for path in sorted(SOURCE.rglob("*.html")):
        if not {"static", "static_page"} & set(path.parts):  # the offline page is no template
            found[part_of(path)] |= in_template(path)
    return {part: {text for text in texts if text and CJK.search(text)} for part, texts in found.items()}


def kept() -> dict[str, dict[str, str]]:
    """The catalogues as they are: part -> Chinese -> English."""
    read: dict[str, dict[str, str]] = {}
    for path in sorted(PO.glob("*.po")):
        with path.open("rb") as file:
            read[path.stem] = {str(m.id): str(m.string) for m in read_po(file, locale="en") if m.id}
    return read


def all_english(catalogues: dict[str, dict[str, str]]) -> dict[str, str]:
    """One dictionary of all parts; a string may stand in any of them."""
    merged: dict[str, str] = {}
    for texts in catalogues.values():
        merged.update({zh: en for zh, en in texts.items() if en})
    return merged


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def write_part(part: str, texts: dict[str, str]) -> None:
    """Sorted, without places and dates, so that a change touches only its own lines."""
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: en\\n"\n'
    body = "".join(f"\nmsgid {quoted(zh)}\nmsgstr {quoted(texts[zh])}\n" for zh in sorted(texts))
    (PO / f"{part}.po").write_text(head + body, encoding="utf-8")


def update() -> None:
    """Add what is missing, untranslated, and drop what no source says any more."""
    catalogues, found = kept(), extracted()
    english = all_english(catalogues)
    for part, texts in found.items():
        elsewhere = {
            zh
            for other, kept_texts in catalogues.items()
            if other != part
            for zh, en in kept_texts.items()
            if en and zh in found.get(other, ())
        }
        mine = {
            zh: catalogues.get(part, {}).get(zh) or english.get(zh, "")
            for zh in texts
            if zh not in elsewhere or zh in catalogues.get(part, {})
        }
        if mine:
            write_part(part, mine)


def compile_all() -> int:
    """Write the binary catalogue that Django reads; no msgfmt is needed."""
    catalog = Catalog(locale="en", charset="utf-8")
    for zh, en in all_english(kept()).items():
        catalog.add(zh, en)
    MO.parent.mkdir(parents=True, exist_ok=True)
    with MO.open("wb") as file:
        write_mo(file, catalog)
    return len(catalog)


def problems() -> list[str]:
    """What stands in the way: strings without English, placeholders that differ."""
    english = all_english(kept())
    wrong = []
    for part, texts in sorted(extracted().items()):
        for zh in sorted(texts):
            if zh not in english:
                wrong.append(f"{part}: no English for {zh!r}")
            elif sorted(PLACEHOLDER.findall(zh)) != sorted(PLACEHOLDER.findall(english[zh])):
                wrong.append(f"{part}: placeholders differ in {zh!r} and {english[zh]!r}")
    return wrong


def main(arguments: list[str]) -> int:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    if "--update" in arguments:
        update()
    print(f"translations: {compile_all()} strings in English")
    if "--compile" in arguments or "--update" in arguments:
        return 0
    wrong = problems()
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Every template compiles: unknown tags, unclosed blocks and missing parents are found before a page is asked for."""

import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template

SOURCE = Path(__file__).resolve().parents[1] / "src/mingzheng"


def main() -> int:
    """Compile each template below a `templates` folder; 1 when one does not compile."""
    django.setup()
    wrong = []
    for folder in sorted(SOURCE.rglob("templates")):
        for path in sorted(folder.rglob("*.*")):
            if path.suffix not in {".html", ".txt", ".xml"}:
                continue
            name = str(path.relative_to(folder))
            try:
                template = get_template(name)
            except Exception as problem:  # whatever it is, it is this template's
                wrong.append(f"{path.relative_to(SOURCE)}: {type(problem).__name__}: {problem}")
                continue
            wrong += [f"{path.relative_to(SOURCE)}: {gap}" for gap in missing_parents(template.template)]
    print("\n".join(wrong))
    return int(bool(wrong))


def missing_parents(template: object) -> list[str]:
    """Names in `extends` and `include` that stand there as plain text and that no folder holds."""
    from django.template.loader_tags import ExtendsNode, IncludeNode

    gaps = []
    for node in template.nodelist.get_nodes_by_type((ExtendsNode, IncludeNode)):  # type: ignore[attr-defined]
        expression = node.parent_name if isinstance(node, ExtendsNode) else node.template
        name = expression.var
        if isinstance(name, str):
            try:
                engines["django"].engine.get_template(name)  # type: ignore[attr-defined]
            except TemplateSyntaxError:
                pass  # reported under its own name
            except Exception:
                gaps.append(f"there is no template {name!r}")
    return gaps


if __name__ == "__main__":
    sys.exit(main())

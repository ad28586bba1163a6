"""Write docs/api.md, the reference of reads and acts, from the program's own OpenAPI description; --check compares."""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "api.md"


def main() -> int:
    """0 when the page is (now) true."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.site.settings")
    os.environ.setdefault("MINGZHENG_MODE", "test")
    with tempfile.TemporaryDirectory() as state:
        os.environ.setdefault("MINGZHENG_STATE", state)
        import django

        django.setup()
        from mingzheng.site.api.describing import description

        wanted = rendered(description())
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, "utf-8")
    elif PAGE.read_text("utf-8") != wanted:
        print("docs/api.md is not what the program offers: scripts/api_reference.py writes it")
        return 1
    return 0


def rendered(found: dict[str, Any]) -> str:
    """The page."""
    lines = [
        "# API reference", "",
        "Written by `scripts/api_reference.py` from `/api/v1/openapi.json` (OpenAPI 3.1). How to log in, sign and upload:",
        "[formats/api.md](formats/api.md). Money and times are text. A field with a star must be given.", "", "## Reads", "",
    ]  # fmt: skip
    for address, one in found["paths"].items():
        if "get" in one:
            lines += [f"### `GET {address}`", "", one["get"]["summary"], "", one["get"]["description"] + ".", ""]
    stage = ""
    for address, one in found["paths"].items():
        if "post" not in one:
            continue
        act = one["post"]
        if act["tags"][0] != stage:
            stage = act["tags"][0]
            lines += [f"## Acts: {stage}", ""]
        lines += [f"### `POST {address}`", "", act["summary"], "", act["description"], ""]
        schema = act["requestBody"]["content"]["application/json"]["schema"]["properties"]
        rows = list(_rows(schema["fields"])) + list(_rows(schema.get("secrets", {}), secret=True))
        if rows:
            lines += ["| field | type |", "|---|---|", *rows, ""]
    return "\n".join(lines).rstrip() + "\n"


def _rows(schema: dict[str, Any], *, secret: bool = False) -> Any:
    for name, one in schema.get("properties", {}).items():
        star = "*" if name in schema.get("required", ()) else ""
        yield f"| `{name}`{star} | {_type(one)}{', beside the signed fields' if secret else ''} |"


def _type(one: dict[str, Any]) -> str:
    if "anyOf" in one:
        return _type(one["anyOf"][0])
    if one.get("type") == "array":
        return f"list of {_type(one['items'])}"
    return str(one.get("format") or one.get("type") or json.dumps(one) if one else "any")


if __name__ == "__main__":
    sys.exit(main())

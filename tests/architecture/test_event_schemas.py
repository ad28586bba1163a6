"""Facts once written stay readable: the fields of every declared event are those of the golden file, or new kinds beside them."""

import dataclasses
import json
import os
from pathlib import Path

from mingzheng.kernel.event import KINDS

GOLDEN = Path(__file__).with_name("event_schemas.json")


def declared() -> dict[str, dict[str, object]]:
    """Kind, stream and fields with their annotations, of the product's own events."""
    return {
        kind: {"stream": one.stream, "fields": {field.name: str(field.type) for field in dataclasses.fields(one.cls)}}
        for kind, one in sorted(KINDS.items())
        if ".test_" not in f".{one.cls.__module__}" and ".bench." not in one.cls.__module__
    }


def test_no_declared_event_has_changed() -> None:
    """A changed event is a new one (`...V2`). MINGZHENG_SCHEMAS=add writes new kinds; it never changes an old one."""
    kept = json.loads(GOLDEN.read_text("utf-8")) if GOLDEN.exists() else {}
    now = declared()
    if os.environ.get("MINGZHENG_SCHEMAS") == "add":
        added = {**{kind: facts for kind, facts in now.items() if kind not in kept}, **kept}
        GOLDEN.write_text(json.dumps(dict(sorted(added.items())), indent=1, ensure_ascii=False) + "\n", "utf-8")
        kept = added
    assert {kind: facts for kind, facts in now.items() if kind in kept} == kept, "an event was changed or taken away"
    assert not set(now) - set(kept), "new kinds: MINGZHENG_SCHEMAS=add writes them"

"""An event becomes an entry: its two halves around number and previous digest, which the database puts in."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mingzheng.kernel import canonical, clock, digest
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.event import body_of, event_from, kind_of, stream_of
from mingzheng.ledger import vault


@dataclass(frozen=True, slots=True)
class Draft:
    """What `chaining.append` takes: stream name as stored, the text before and after the chain fields, the hidden box."""

    stream: str
    sealed: bool
    before: str
    after: str
    box: bytes | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A written entry. `event` is None when this version does not know the kind or the entry stays sealed."""

    seq: int
    stream: str
    number: int
    text: str
    digest: bytes
    kind: str
    at: datetime
    event: Any
    actor: dict[str, Any]
    position: int | None = None

    @property
    def sealed(self) -> bool:
        return self.stream.startswith("sealed:")


def stored_stream(stream: str) -> str:
    """Sealed streams are stored and shown under a pseudonym that only the vault's key can compute."""
    name = stream.partition(":")[0]
    if stream == "centre" or name in ("lot", "procedure"):
        return stream
    return f"sealed:{vault.hidden_uuid('stream', stream)}"


def draft(happened: Any, actor: Actor, at: datetime) -> Draft:
    """Render an event of `actor` at `at` (docs/formats/entry.md)."""
    kind, stream = kind_of(happened), stored_stream(stream_of(happened))
    signature = actor.signed.as_json() if actor.signed else None
    when = json.dumps(clock.text(at))
    parts = {"actor": actor.as_json(), "body": body_of(happened), "kind": kind.kind, "signature": signature}
    if not kind.sealed:
        before = (
            f'"actor":{canonical.dumps(parts["actor"])},"at":{when},'
            f'"body":{canonical.dumps(parts["body"])},"kind":{canonical.dumps(kind.kind)}'
        )
        return Draft(stream, False, before, f'"signature":{canonical.dumps(signature)},"stream":"{stream}"', None)
    inner, salt = canonical.dumps(parts), os.urandom(32)
    commitment = digest.of(b"\x02" + salt + inner.encode())
    box = vault.hide(salt + inner.encode(), stream)
    return Draft(stream, True, f'"at":{when}', f'"sealed":"{commitment}","stream":"{stream}"', box)


def opened(stream: str, box: bytes) -> tuple[bytes, str]:
    """Salt and inner text of a sealed entry."""
    plain = vault.reveal(box, stream)
    return plain[:32], plain[32:].decode("utf-8")


def read(
    seq: int, stream: str, number: int, text: str, digest: bytes, box: bytes | None, position: int | None
) -> Entry:
    """Parse a stored entry; a sealed one is opened with its hidden box."""
    outer = json.loads(text)
    inner = json.loads(opened(stream, box)[1]) if box is not None else outer
    try:
        happened = event_from(inner["kind"], inner["body"]) if "kind" in inner else None
    except KeyError:
        happened = None
    return Entry(
        seq=seq,
        stream=stream,
        number=number,
        text=text,
        digest=bytes(digest),
        kind=inner.get("kind", "sealed"),
        at=clock.parse(outer["at"]),
        event=happened,
        actor=inner.get("actor", {}),
        position=position,
    )

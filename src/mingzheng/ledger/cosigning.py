"""Asking the cosigners for signatures: the log's side of C2SP tlog-witness. One that is down is asked again later."""

import base64
import contextlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass

from mingzheng.ledger import notes
from mingzheng.ledger.cosigner import TIME_HEADER

Prove = Callable[[int, int], Sequence[bytes]]
"""(old size, new size) -> consistency proof over the stored tiles."""


class CosigningFailed(Exception):
    """A cosigner did not sign: unreachable, or it refused (`status`). `seen` is the size it knows, where it said so."""

    def __init__(self, what: str, seen: int | None = None, status: int = 0) -> None:
        super().__init__(what)
        self.seen, self.status = seen, status


@dataclass(frozen=True, slots=True)
class Witness:
    """A cosigner as the log knows it: where it listens and the key it signs with."""

    url: str
    key: notes.Key


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The note with every signature that could be had, and why the others are missing (name -> reason)."""

    note: notes.Note
    missing: dict[str, str]


def cosign(
    note: notes.Note,
    prove: Prove,
    witnesses: Sequence[Witness],
    seen: MutableMapping[str, int],
    time: int | None = None,
    timeout: float = 3.0,
    statements: Sequence[str] = (),
) -> Cosigned:
    """Let every witness cosign a checkpoint note. Never raises for a witness that is down or refuses.

    `statements` of the log's new keys, oldest first, are shown to a witness that does not know the key.

    `seen` (name -> size last cosigned) is kept by the caller between calls and updated here; it may start empty.
    `time` (seconds since 1970) is sent along only for demo cosigners that trust it.
    """
    size = notes.parse_checkpoint(note.text).size
    lines, missing = [], dict[str, str]()
    for witness in witnesses:
        name = witness.key.name
        try:
            line = _ask_introduced(note, size, prove, witness, seen, time, timeout, statements)
        except CosigningFailed as failure:
            missing[name] = str(failure)
            continue
        seen[name] = size
        lines.append(line)
    return Cosigned(note.with_lines(lines), missing)


def _ask_introduced(
    note: notes.Note,
    size: int,
    prove: Prove,
    witness: Witness,
    seen: MutableMapping[str, int],
    time: int | None,
    timeout: float,
    statements: Sequence[str],
) -> notes.SignatureLine:
    """If the witness does not know the log's key, it is shown how that key came to be, and asked again."""
    try:
        return _ask_twice(note, size, prove, witness, seen, time, timeout)
    except CosigningFailed as failure:
        if failure.status != 403 or not statements:
            raise
    for statement in statements:
        with contextlib.suppress(OSError, http.client.HTTPException):  # an old one is refused; the last one counts
            address = f"{witness.url.rstrip('/')}/add-rotation"
            urllib.request.urlopen(address, statement.encode(), timeout=timeout).close()  # noqa: S310 - configuration
    return _ask_twice(note, size, prove, witness, seen, time, timeout)


def _ask_twice(
    note: notes.Note,
    size: int,
    prove: Prove,
    witness: Witness,
    seen: MutableMapping[str, int],
    time: int | None,
    timeout: float,
) -> notes.SignatureLine:
    """The second time from the size the witness says it knows."""
    old = min(seen.get(witness.key.name, 0), size)
    try:
        return ask(witness, note, old, prove(old, size) if old else [], time, timeout)
    except CosigningFailed as failure:
        if failure.seen is None or failure.seen == old:
            raise
        if failure.seen > size:
            raise CosigningFailed(
                f"it has already cosigned {failure.seen} leaves, this checkpoint has {size}"
            ) from None
        return ask(witness, note, failure.seen, prove(failure.seen, size), time, timeout)


def ask(
    witness: Witness, note: notes.Note, old: int, proof: Sequence[bytes], time: int | None = None, timeout: float = 3.0
) -> notes.SignatureLine:
    """One add-checkpoint call. Returns the verified cosignature; CosigningFailed otherwise."""
    above = [f"old {old}", *(base64.b64encode(node).decode("ascii") for node in proof)]
    body = ("\n".join(above) + "\n\n" + note.render()).encode()
    headers = {"Content-Type": "text/plain; charset=utf-8"} | ({TIME_HEADER: str(time)} if time is not None else {})
    request = urllib.request.Request(f"{witness.url.rstrip('/')}/add-checkpoint", body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=timeout) as reply:  # noqa: S310 - the address is configuration
            answer = reply.read(65_536).decode("utf-8")
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(200).decode("utf-8", "replace").strip()
        seen = int(said) if error.code == 409 and said.isdecimal() and len(said) < 20 else None
        raise CosigningFailed(f"answered {error.code}: {said}", seen, error.code) from None
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise CosigningFailed(f"not reachable: {error}") from error
    return _verified(witness, note, answer)


def _verified(witness: Witness, note: notes.Note, answer: str) -> notes.SignatureLine:
    """The line by the witness's own key among those it answered; its signature is checked before it is believed."""
    try:
        for text in answer.splitlines(keepends=True):
            line = notes.parse_line(text)
            if (line.name, line.key_id) == (witness.key.name, witness.key.id):
                notes.verify_line(note.text, line, witness.key)
                return line
    except notes.NoteRefused as error:
        raise CosigningFailed(f"answered no cosignature: {error}") from error
    raise CosigningFailed("answered no line by the key we know it by")

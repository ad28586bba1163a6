"""Signed notes (C2SP signed-note), checkpoints (tlog-checkpoint) and cosignatures (tlog-cosignature).

Keys are Ed25519 in suite INTL-1 and SM2 in GM-1; a key says which. A note is text ending in a newline, an empty line, and signature lines `— name base64(key id || signature)`. Everything
read here is rendered again and compared, so one meaning has exactly one spelling.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from mingzheng.ledger import signing

LOG = 0x01
COSIGNER = 0x04
MOST_LINES = 32
ROTATION = "mingzheng-rotation-1"
TYPES = {
    (signing.ED25519, LOG): b"\x01",
    (signing.ED25519, COSIGNER): b"\x04",
    (signing.SM2, LOG): b"\xffsm2-sm3",
    (signing.SM2, COSIGNER): b"\xffsm2-sm3-cosignature",
}
"""C2SP assigns no byte to SM2: 0xff and a name of our own (docs/formats/checkpoint.md)."""


class NoteRefused(ValueError):
    """A text that is no canonical note, key or checkpoint, or a signature that does not hold."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key under a name; `kind` LOG signs the text itself, COSIGNER the text with the time of signing."""

    name: str
    kind: int
    public: bytes
    algorithm: str = signing.ED25519

    @property
    def id(self) -> bytes:
        """First four bytes of SHA-256(name || LF || type || key), in both suites: a handle, no evidence."""
        return sha256(self.name.encode() + b"\n" + self._typed()).digest()[:4]

    @property
    def digest(self) -> str:
        """The digest algorithm of a log that signs with this key: `sha256` or `sm3`."""
        return signing.DIGEST[self.algorithm]

    def vkey(self) -> str:
        """`name+hex id+base64(type || key)`: the form in which keys are handed on."""
        return f"{self.name}+{self.id.hex()}+{base64_text(self._typed())}"

    def _typed(self) -> bytes:
        return TYPES[self.algorithm, self.kind] + self.public


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line under a note."""

    name: str
    key_id: bytes
    signature: bytes

    def render(self) -> str:
        return f"\u2014 {self.name} {base64_text(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """Text (with its last newline) and the lines under it, in their order."""

    text: str
    lines: tuple[SignatureLine, ...]

    def render(self) -> str:
        return self.text + "\n" + "".join(line.render() for line in self.lines)

    def with_lines(self, lines: Iterable[SignatureLine]) -> "Note":
        """The note with these lines, in the place of earlier ones by the same key."""
        new = {(line.name, line.key_id): line for line in lines}
        kept = [line for line in self.lines if (line.name, line.key_id) not in new]
        return Note(self.text, (*kept, *new.values()))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree head of a log: its origin (name), the number of leaves, the root hash."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64_text(self.root)}\n"


class NoteSigner:
    """A name with a private key that signs notes as log (also receipts, manifests) or as cosigner."""

    def __init__(self, name: str, private: signing.Private, kind: int = LOG) -> None:
        self._private = private
        self.key = Key(_checked_name(name), kind, private.public, private.algorithm)

    @classmethod
    def from_seed(cls, name: str, seed: bytes, kind: int = LOG) -> "NoteSigner":
        """An Ed25519 key from the 32 bytes of RFC 8032."""
        return cls(name, signing.Ed25519(seed), kind)

    def line(self, text: str, time: int | None = None) -> SignatureLine:
        """The signature line for a note text; a cosigner needs `time` (seconds since 1970, the deployment's clock)."""
        if (time is None) == (self.key.kind == COSIGNER):
            raise ValueError("a cosignature carries its time, a log's signature none")
        stamp = b"" if time is None else time.to_bytes(8, "big")
        return SignatureLine(self.key.name, self.key.id, stamp + self._private.sign(_message(text, time)))

    def sign(self, text: str, time: int | None = None) -> Note:
        """A note over `text` with this one signature."""
        return Note(_checked_text(text), (self.line(text, time),))


def parse_vkey(text: str) -> Key:
    """Read a key in its `vkey` form. NoteRefused if it is none or not spelled canonically."""
    try:
        name, _, encoded = text.split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise NoteRefused("not a verifier key: name+id+base64 is expected") from error
    found = [
        Key(_checked_name(name), kind, raw[len(head) :], algorithm)
        for (algorithm, kind), head in TYPES.items()
        if raw.startswith(head) and len(raw) == len(head) + signing.SIZE[algorithm]
    ]
    if not found:
        raise NoteRefused("only Ed25519 keys of type 0x01 and 0x04, and SM2 keys, are known")
    key = found[0]
    if key.vkey() != text:
        raise NoteRefused("the key's id does not belong to it, or it is not spelled canonically")
    return key


def parse_note(text: str | bytes) -> Note:
    """Read a signed note. NoteRefused unless rendering it again gives the same bytes."""
    try:
        whole = text if isinstance(text, str) else text.decode("utf-8")
        body, _, below = whole.rpartition("\n\n")
        lines = tuple(parse_line(line + "\n") for line in below.removesuffix("\n").split("\n"))
    except UnicodeError as error:
        raise NoteRefused("a note is UTF-8") from error
    if not 1 <= len(lines) <= MOST_LINES:
        raise NoteRefused("a note carries 1 to 32 signatures")
    note = Note(_checked_text(body + "\n"), lines)
    if note.render() != whole:
        raise NoteRefused("the note is not in canonical form")
    return note


def parse_line(line: str) -> SignatureLine:
    """Read one signature line with its newline."""
    dash, _, rest = line.removesuffix("\n").partition(" ")
    name, _, encoded = rest.partition(" ")
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteRefused("a signature line is not base64") from error
    parsed = SignatureLine(_checked_name(name), raw[:4], raw[4:])
    if dash != "\u2014" or len(raw) <= 4 or parsed.render() != line:
        raise NoteRefused("a signature line is not in canonical form")
    return parsed


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the three lines of a checkpoint. NoteRefused for extension lines, leading zeros or another spelling."""
    try:
        origin, size, root = text.removesuffix("\n").split("\n")
        parsed = Checkpoint(origin, int(size) if len(size) < 20 else -1, base64.b64decode(root, validate=True))
    except ValueError as error:
        raise NoteRefused("a checkpoint has three lines: origin, size, root") from error
    if parsed.size < 0 or len(parsed.root) != 32 or not origin or parsed.text() != text:
        raise NoteRefused("the checkpoint is not in canonical form")
    return parsed


def verify_line(text: str, line: SignatureLine, key: Key) -> int | None:
    """Check one line; returns a cosignature's time in seconds since 1970. NoteRefused if it does not hold."""
    if (line.name, line.key_id) != (key.name, key.id):
        raise NoteRefused(f"the line is not by {key.name}")
    stamp, signature = (line.signature[:8], line.signature[8:]) if key.kind == COSIGNER else (b"", line.signature)
    time = int.from_bytes(stamp, "big") if key.kind == COSIGNER else None
    if len(signature) != 64 or (time or 0) >> 63:
        raise NoteRefused(f"the signature of {key.name} has a wrong length or time")
    if not signing.verify(key.algorithm, key.public, signature, _message(text, time)):
        raise NoteRefused(f"the signature of {key.name} does not hold")
    return time


def signers(note: Note, keys: Iterable[Key]) -> dict[str, int | None]:
    """Names of those of `keys` that signed the note, with a cosigner's time; a wrong signature by one of them refuses it."""
    known = {(key.name, key.id): key for key in keys}
    found = [(key, line) for line in note.lines if (key := known.get((line.name, line.key_id)))]
    return {key.name: verify_line(note.text, line, key) for key, line in found}


def verified_checkpoint(note: Note, log: Key) -> Checkpoint:
    """The checkpoint of a note that `log` signed under its own origin. NoteRefused otherwise."""
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != log.name or log.name not in signers(note, [log]):
        raise NoteRefused(f"not a checkpoint signed by {log.name}")
    return checkpoint


def rotation_text(role: str, old: Key, new: Key) -> str:
    """What the old and the new key of `role` (log, receipts, cosigner) both sign when one replaces the other."""
    return f"{ROTATION}\n{role}\n{old.vkey()}\n{new.vkey()}\n"


def parse_rotation(text: str | bytes) -> tuple[str, Key, Key]:
    """(role, old key, new key) of a statement that both of them signed. NoteRefused otherwise."""
    note = parse_note(text)
    try:
        form, role, old_text, new_text = note.text.removesuffix("\n").split("\n")
    except ValueError as error:
        raise NoteRefused("not the statement of a new key") from error
    old, new = parse_vkey(old_text), parse_vkey(new_text)
    known = {line.key_id for line in note.lines}
    if form != ROTATION or old.name != new.name or old.kind != new.kind or not {old.id, new.id} <= known:
        raise NoteRefused("the statement of a new key is not signed by both keys")
    if (role == "cosigner") != (old.kind == COSIGNER):
        raise NoteRefused("the keys are not of the role the statement names")
    for key in (old, new):
        signers(note, [key])
    return role, old, new


def _message(text: str, time: int | None) -> bytes:
    return text.encode() if time is None else b"cosignature/v1\ntime %d\n" % time + text.encode()


def base64_text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _checked_name(name: str) -> str:
    if not name or "+" in name or any(c.isspace() or c < " " for c in name):
        raise NoteRefused("a key's name is not empty and has no spaces and no plus sign")
    return name


def _checked_text(text: str) -> str:
    if not text.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise NoteRefused("a note's text ends in a newline and has no other control characters")
    return text

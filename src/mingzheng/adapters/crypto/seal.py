"""The seal: what the bidder signs about a sealed file, and the checks anybody can make without a key."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from mingzheng.adapters.crypto import container
from mingzheng.adapters.crypto.refusals import SEAL_UNREADABLE
from mingzheng.kernel import canonical, clock, digest

LARGEST_SEAL = 262_144  # bytes of canonical JSON
MOST_PARTS = 1_000
LARGEST_SUMMARY = 1_048_576  # bytes of padded plaintext; it is read into memory as a whole


@dataclass(frozen=True, slots=True)
class SealedPart:
    """One part as everybody may see it. `offset` is where its first chunk stands in the file."""

    kind: str
    offset: int
    bytes: int
    chunks: int
    commitment: str


@dataclass(frozen=True, slots=True)
class ShareHolder:
    """Who holds a share, under which key, and the commitment to it."""

    holder: str
    key: str
    commitment: str


@dataclass(frozen=True, slots=True)
class Rescue:
    """The shares of the content key, wrapped for their holders and all together for the escrow key."""

    threshold: int
    holders: tuple[ShareHolder, ...]
    escrowed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seal:
    """A parsed seal. `text` is the canonical JSON the bidder signed."""

    text: str = field(repr=False)
    version: int
    lot: UUID
    bid: UUID
    bidder: str
    suite: str
    chunk: int
    file_bytes: int
    file_digest: str
    key_check: str
    key_wrapped: bytes = field(repr=False)
    parts: tuple[SealedPart, ...]
    rescue: Rescue | None
    made_at: datetime

    def label(self, use: str, part: int | None = None) -> bytes:
        """The derivation label or wrap context for one use of this bid's content key."""
        return container.label(self.version, use, self.lot, self.bid, part)

    def as_json(self) -> dict[str, Any]:
        """The seal as the object that is signed."""
        value: dict[str, Any] = json.loads(self.text)
        return value


@dataclass(frozen=True, slots=True)
class SignedSeal:
    """A seal with its signature (base64) and the signer's certificate (PEM): the content of a .seal file."""

    seal: Seal
    signature: str
    certificate: str = field(repr=False)

    def dumps(self) -> str:
        return canonical.dumps(
            {"certificate": self.certificate, "seal": self.seal.as_json(), "signature": self.signature}
        )

    @classmethod
    def loads(cls, text: str) -> "SignedSeal":
        """Read a .seal file. Refused `seal.unreadable`; nothing is checked but the form."""
        try:
            value = json.loads(text)
            seal, signature, certificate = value["seal"], value["signature"], value["certificate"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise SEAL_UNREADABLE(problem="不是封签文件") from None
        if not isinstance(signature, str) or not isinstance(certificate, str):
            raise SEAL_UNREADABLE(problem="不是封签文件")
        return cls(parse(seal), signature, certificate)


def parse(value: Mapping[str, Any] | str) -> Seal:
    """A seal from its JSON object or text. Refused `seal.unreadable` unless its structure is exactly right."""
    try:
        found = json.loads(value) if isinstance(value, str) else dict(value)
        text = canonical.dumps(found)
        if len(text) > LARGEST_SEAL or (isinstance(value, str) and text != value):
            raise SEAL_UNREADABLE(problem="不是规范 JSON")
        _exactly(found, _FIELDS)
        return _seal(text, found)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, binascii.Error):
        raise SEAL_UNREADABLE(problem="缺项或多项") from None


_FIELDS = {"bid", "bidder", "chunk", "consent", "file", "format", "key", "lot", "made_at", "parts", "rescue", "suite"}


def _seal(text: str, found: dict[str, Any]) -> Seal:
    _exactly(found["file"], {"bytes", "digest"})
    _exactly(found["key"], {"check", "wrapped"})
    version = container.VERSIONS.get(found["format"])
    if version is None:
        raise SEAL_UNREADABLE(problem="格式版本不认识")
    chunk = _number(found["chunk"])
    if chunk & (chunk - 1) or not container.LEAST_CHUNK <= chunk <= container.LARGEST_CHUNK:
        raise SEAL_UNREADABLE(problem="分块大小不对")
    rescue = _rescue(found["rescue"])
    if found["consent"] is not (rescue is not None):
        raise SEAL_UNREADABLE(problem="应急解密的同意与份额不一致")
    parts = _parts(found["parts"], chunk)
    if found["file"]["bytes"] != parts[-1].offset + parts[-1].bytes:
        raise SEAL_UNREADABLE(problem="各部分长度与文件长度不符")
    seal = Seal(
        text=text,
        version=version,
        lot=_uuid(found["lot"]),
        bid=_uuid(found["bid"]),
        bidder=_digest(found["bidder"]),
        suite=str(found["suite"]),
        chunk=chunk,
        file_bytes=_number(found["file"]["bytes"]),
        file_digest=_digest(found["file"]["digest"]),
        key_check=_digest(found["key"]["check"]),
        key_wrapped=_bytes(found["key"]["wrapped"]),
        parts=parts,
        rescue=rescue,
        made_at=clock.parse(found["made_at"]),
    )
    _one_algorithm(seal)
    return seal


def _one_algorithm(seal: Seal) -> None:
    """The digests of a seal are by its suite's algorithm; whether the suite is known and wanted is asked elsewhere."""
    written = [seal.file_digest, seal.key_check, *(part.commitment for part in seal.parts)]
    for one in seal.rescue.holders if seal.rescue else ():
        written += [one.key, one.commitment]
    wanted = digest.SUITES.get(seal.suite)
    if wanted is not None and any(digest.split(one)[0] != wanted for one in written):
        raise SEAL_UNREADABLE(problem="摘要的算法与套件不符")


def _parts(values: list[dict[str, Any]], chunk: int) -> tuple[SealedPart, ...]:
    if not 1 <= len(values) <= MOST_PARTS:
        raise SEAL_UNREADABLE(problem="部分的数目不对")
    offset, parts = container.HEADER, []
    for index, value in enumerate(values):
        _exactly(value, {"bytes", "chunks", "commitment", "kind"})
        size, chunks = _number(value["bytes"]), _number(value["chunks"])
        plain = size - container.TAG * chunks
        right = plain >= container.LEAST_PART and container.padded(plain) == plain
        if not right or container.chunks_of(plain, chunk) != chunks:
            raise SEAL_UNREADABLE(problem="部分的长度不对")
        if value["kind"] != ("file" if index else "summary"):
            raise SEAL_UNREADABLE(problem="第一部分应是开标一览表，其余应是文件")
        if not index and plain > LARGEST_SUMMARY:
            raise SEAL_UNREADABLE(problem="开标一览表太大")
        parts.append(SealedPart(value["kind"], offset, size, chunks, _digest(value["commitment"])))
        offset += size
    return tuple(parts)


def _rescue(value: dict[str, Any] | None) -> Rescue | None:
    if value is None:
        return None
    _exactly(value, {"escrowed", "holders", "threshold"})
    holders = []
    for one in value["holders"]:
        _exactly(one, {"commitment", "holder", "key"})
        holders.append(ShareHolder(str(one["holder"]), _digest(one["key"]), _digest(one["commitment"])))
    threshold = _number(value["threshold"])
    if not 1 <= threshold <= len(holders) <= 16:
        raise SEAL_UNREADABLE(problem="应急解密的份数不对")
    return Rescue(threshold, tuple(holders), _bytes(value["escrowed"]))


def _exactly(value: Mapping[str, Any], keys: set[str]) -> None:
    if not isinstance(value, Mapping) or set(value) != keys:
        raise SEAL_UNREADABLE(problem="缺项或多项")


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 1 << 53:
        raise SEAL_UNREADABLE(problem="数字不对")
    return value


def _digest(value: object) -> str:
    if not isinstance(value, str) or not digest.PATTERN.fullmatch(value):
        raise SEAL_UNREADABLE(problem="摘要的写法不对")
    return value


def _uuid(value: object) -> UUID:
    if not isinstance(value, str) or str(UUID(value)) != value:
        raise SEAL_UNREADABLE(problem="编号的写法不对")
    return UUID(value)


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise SEAL_UNREADABLE(problem="密文的写法不对")
    return base64.b64decode(value, validate=True)

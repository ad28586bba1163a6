"""Making a sealed bid: streaming, in constant memory, on the bidder's own machine."""

import base64
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from mingzheng.adapters.crypto import container, shamir
from mingzheng.adapters.crypto.keyfile import PersonKey
from mingzheng.adapters.crypto.refusals import FILE_CHANGED, KEY_OTHER_SUITE, SEAL_UNREADABLE, TOO_LARGE
from mingzheng.adapters.crypto.seal import SignedSeal, parse
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import Suite, suite
from mingzheng.adapters.crypto.summary import check_summary
from mingzheng.adapters.crypto.terms import RescueTerms, SealingTerms
from mingzheng.kernel import canonical, clock

Progress = Callable[[int, int], None]
_READ = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Draft:
    """One bid being sealed: fresh identity and content key, fixed for the whole file."""

    terms: SealingTerms
    algorithms: Suite
    bid: UUID
    key: Secret
    chunk: int

    def derived(self, use: str, part: int | None = None) -> bytes:
        place = container.label(use, self.terms.lot, self.bid, part)
        return self.algorithms.derive(self.key.reveal(), place)

    def named(self, digest: bytes) -> str:
        return f"{self.algorithms.digest_name}:{digest.hex()}"


def seal_bid(
    summary: Mapping[str, Any],
    files: Sequence[Path],
    terms: SealingTerms,
    signer: PersonKey,
    out: Path,
    *,
    consent: bool,
    at: datetime,
    progress: Progress | None = None,
    chunk: int = container.CHUNK,
) -> SignedSeal:
    """Seal `summary` and `files` for the lot of `terms` into the file `out`; the seal that goes with it is returned.

    `consent` True also wraps the key for the lot's rescue quorum. `at` is the moment written into the seal. Refused
    `seal.summary-invalid`, `seal.too-large`, `seal.file-changed`, `seal.unknown-suite`, `key.wrong-suite`. `out` appears only complete.
    """
    check_summary(summary)
    if signer.suite != suite(terms.suite).id:
        raise KEY_OTHER_SUITE(suite=signer.suite, wanted=terms.suite)
    _check_keys(terms)
    draft = Draft(terms, suite(terms.suite), uuid4(), Secret(secrets.token_bytes(32)), chunk)
    draft_file = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    try:
        with draft_file.open("xb") as target:
            signed = write_sealed(draft, summary, files, signer, target, consent=consent, at=at, progress=progress)
            target.flush()
            os.fsync(target.fileno())
        draft_file.replace(out)
    finally:
        draft_file.unlink(missing_ok=True)
    return signed


def write_sealed(
    draft: Draft,
    summary: Mapping[str, Any],
    files: Sequence[Path],
    signer: PersonKey,
    target: IO[bytes],
    *,
    consent: bool,
    at: datetime,
    progress: Progress | None = None,
) -> SignedSeal:
    """As `seal_bid`, for a draft whose identity and key are given (test vectors need that; nobody else does)."""
    content = canonical.dumps(dict(summary)).encode()
    sizes = [len(content), *(file.stat().st_size for file in files)]
    names = ["summary.json", *(file.name for file in files)]
    total = _total(draft, names, sizes)
    writer = _Writer(draft, target, total, progress or (lambda done, of: None))
    parts = [writer.part(0, names[0], sizes[0], iter([content]))]
    for index, file in enumerate(files, start=1):
        parts.append(writer.part(index, names[index], sizes[index], _pieces(file)))
    return _sign(draft, signer, parts, writer, consent=consent, at=at)


class _Writer:
    """Writes header and chunks, keeping the running digest of the whole file."""

    def __init__(self, draft: Draft, target: IO[bytes], total: int, progress: Progress) -> None:
        self.draft, self.target, self.total, self.progress = draft, target, total, progress
        self.hasher, self.written = draft.algorithms.hasher(), 0
        self._write(bytes(container.Header(draft.algorithms.id, draft.bid, draft.chunk)))

    def part(self, index: int, name: str, size: int, content: Iterator[bytes]) -> dict[str, Any]:
        """Seal one part; its entry for the part table of the seal."""
        head = part_head(name, size)
        plain = container.padded(len(head) + size)
        chunks = container.chunks_of(plain, self.draft.chunk)
        digest = self.draft.algorithms.hasher()
        key = self.draft.derived("part", index)
        stream = _padded(head, _counted(content, size, name, digest.update), plain, self.draft.chunk)
        for number, piece in enumerate(stream):
            aad = container.additional(self.draft.bid, index, number, number == chunks - 1)
            self._write(self.draft.algorithms.seal(key, container.nonce(number), piece, aad))
        salt = self.draft.derived("salt", index)
        facts = part_facts(name, size, self.draft.named(digest.digest()))
        return {
            "bytes": container.sealed_length(plain, self.draft.chunk),
            "chunks": chunks,
            "commitment": self.draft.named(self.draft.algorithms.digest(salt + facts)),
            "kind": "file" if index else "summary",
        }

    def _write(self, content: bytes) -> None:
        self.target.write(content)
        self.hasher.update(content)
        self.written += len(content)
        self.progress(self.written, self.total)


def part_head(name: str, size: int) -> bytes:
    """How a part begins: length of the heading, then the heading, canonical JSON of name and size."""
    heading = canonical.dumps({"name": name, "size": size}).encode()
    return len(heading).to_bytes(4, "big") + heading


def part_facts(name: str, size: int, digest: str) -> bytes:
    """What a part's commitment commits to, besides its salt."""
    return canonical.dumps({"digest": digest, "name": name, "size": size}).encode()


def _sign(
    draft: Draft,
    signer: PersonKey,
    parts: list[dict[str, Any]],
    writer: _Writer,
    *,
    consent: bool,
    at: datetime,
) -> SignedSeal:
    quorum = draft.terms.rescue if consent else None
    wrapped = draft.algorithms.wrap(signer.public_key, draft.key.reveal(), _context(draft, "wrap bidder"))
    text = canonical.dumps(
        {
            "bid": str(draft.bid),
            "bidder": signer.fingerprint,
            "chunk": draft.chunk,
            "consent": quorum is not None,
            "file": {"bytes": writer.written, "digest": draft.named(writer.hasher.digest())},
            "format": container.FORMAT,
            "key": {
                "check": draft.named(draft.algorithms.digest(draft.derived("check"))),
                "wrapped": base64.b64encode(wrapped).decode(),
            },
            "lot": str(draft.terms.lot),
            "made_at": clock.text(at),
            "parts": parts,
            "rescue": _escrow(draft, quorum) if quorum else None,
            "suite": draft.algorithms.id,
        }
    )
    return SignedSeal(parse(text), base64.b64encode(signer.sign(text.encode())).decode(), signer.certificate)


def _escrow(draft: Draft, quorum: RescueTerms) -> dict[str, Any]:
    """The key split for the quorum: every share for its holder, all of them together for the escrow key."""
    shares = shamir.split(draft.key, quorum.threshold, len(quorum.holders))
    inner, holders = [], []
    for one, share in zip(quorum.holders, shares, strict=True):
        wrapped = draft.algorithms.wrap(one.key, share.reveal(), _context(draft, f"wrap holder {one.holder}"))
        inner.append({"holder": one.holder, "wrapped": base64.b64encode(wrapped).decode()})
        holders.append(
            {"commitment": shamir.commitment(share, draft.algorithms), "holder": one.holder, "key": one.key_fingerprint}
        )
    sealed = draft.algorithms.wrap(quorum.escrow, canonical.dumps(inner).encode(), _context(draft, "wrap escrow"))
    return {
        "escrowed": base64.b64encode(sealed).decode(),
        "holders": holders,
        "threshold": quorum.threshold,
    }


def _check_keys(terms: SealingTerms) -> None:
    """Refuse keys that cannot be wrapped for before hours of work, not after. Refused `seal.unreadable`."""
    keys = (terms.rescue.escrow, *(one.key for one in terms.rescue.holders)) if terms.rescue else ()
    try:
        for key in keys:
            suite(terms.suite).wrap(key, bytes(32), b"")
    except (ValueError, TypeError):
        raise SEAL_UNREADABLE(problem="TENDER.json 里的公钥不能用") from None


def _context(draft: Draft, use: str) -> bytes:
    return container.label(use, draft.terms.lot, draft.bid)


def _total(draft: Draft, names: Sequence[str], sizes: Sequence[int]) -> int:
    total = container.HEADER
    for name, size in zip(names, sizes, strict=True):
        total += container.sealed_length(container.padded(len(part_head(name, size)) + size), draft.chunk)
    if total > draft.terms.largest:
        raise TOO_LARGE(actual=total, largest=draft.terms.largest)
    return total


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(_READ):
            yield piece


def _counted(content: Iterator[bytes], size: int, name: str, watch: Callable[[bytes], None]) -> Iterator[bytes]:
    """Pass the content on, digesting it; a file that changed its length while being read is refused."""
    left = size
    for piece in content:
        left -= len(piece)
        if left < 0:
            raise FILE_CHANGED(name=name)
        watch(piece)
        yield piece
    if left:
        raise FILE_CHANGED(name=name)


def _padded(head: bytes, content: Iterator[bytes], plain: int, chunk: int) -> Iterator[bytes]:
    """Cut heading, content and zero padding of `plain` bytes together into chunks."""
    waiting, given = bytearray(head), 0
    for piece in content:
        waiting += piece
        while len(waiting) >= chunk and given + chunk < plain:
            yield bytes(waiting[:chunk])
            del waiting[:chunk]
            given += chunk
    while given < plain:
        size = min(chunk, plain - given)
        yield bytes(waiting[:size]).ljust(size, b"\0")
        del waiting[:size]
        given += size

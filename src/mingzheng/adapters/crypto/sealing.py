"""Making a sealed bid: streaming, in constant memory, on the bidder's own machine."""

import base64
import io
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from mingzheng.adapters.crypto import blocks, container, shamir
from mingzheng.adapters.crypto.own_key import OwnKey
from mingzheng.adapters.crypto.pipeline import Pipeline
from mingzheng.adapters.crypto.refusals import FILE_CHANGED, KEY_OTHER_SUITE, SEAL_UNREADABLE, TOO_LARGE
from mingzheng.adapters.crypto.seal import SignedSeal, parse
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import Suite, suite
from mingzheng.adapters.crypto.summary import check_summary
from mingzheng.adapters.crypto.terms import RescueTerms, SealingTerms
from mingzheng.kernel import canonical, clock

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Draft:
    """One bid being sealed: fresh identity and content key, fixed for the whole file."""

    terms: SealingTerms
    algorithms: Suite
    bid: UUID
    key: Secret
    chunk: int

    def derived(self, use: str, part: int | None = None) -> bytes:
        place = container.label(container.VERSION, use, self.terms.lot, self.bid, part)
        return self.algorithms.derive(self.key.reveal(), place)

    def named(self, digest: bytes) -> str:
        return f"{self.algorithms.digest_name}:{digest.hex()}"


def seal_bid(
    summary: Mapping[str, Any],
    files: Sequence[Path],
    terms: SealingTerms,
    signer: OwnKey,
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
    signer: OwnKey,
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
    told = progress or (lambda done, of: None)
    with Pipeline(draft.algorithms, target, draft.chunk, lambda done: told(done, total)) as pipeline:
        pipeline.put(bytes(container.Header(draft.algorithms.id, draft.bid, draft.chunk)))
        parts = [_part(draft, pipeline, 0, names[0], sizes[0], io.BytesIO(content))]
        for index, file in enumerate(files, start=1):
            with file.open("rb", buffering=0) as source:
                parts.append(_part(draft, pipeline, index, names[index], sizes[index], source))
    return _sign(draft, signer, parts, pipeline, consent=consent, at=at)


def _part(
    draft: Draft, pipeline: Pipeline, index: int, name: str, size: int, source: io.BytesIO | io.FileIO
) -> dict[str, Any]:
    """Seal one part; its entry for the part table of the seal. A file that changed its length meanwhile is refused."""
    head = part_head(name, size)
    plain = container.padded(len(head) + size)
    chunks = container.chunks_of(plain, draft.chunk)
    digest, key, left = blocks.BlockHasher(draft.algorithms, "content"), draft.derived("part", index), size
    for number in range(chunks):
        room = pipeline.room()[: min(draft.chunk, plain - number * draft.chunk)]
        begin = len(head) if number == 0 else 0
        room[:begin] = head[:begin]
        end = begin + _fill(room[begin : begin + left], source, name)
        left -= end - begin
        room[end:] = bytes(len(room) - end)
        pipeline.digest(digest, room[begin:end])
        pipeline.seal(key, number, room, _aad(draft, index, number, chunks))
    pipeline.drain()
    if left or source.read(1):
        raise FILE_CHANGED(name=name)
    salt = draft.derived("salt", index)
    facts = part_facts(name, size, draft.named(digest.digest()))
    return {
        "bytes": container.sealed_length(plain, draft.chunk),
        "chunks": chunks,
        "commitment": draft.named(draft.algorithms.digest(salt + facts)),
        "kind": "file" if index else "summary",
    }


def _aad(draft: Draft, index: int, number: int, chunks: int) -> bytes:
    return container.additional(container.VERSION, draft.bid, index, number, number == chunks - 1)


def _fill(room: memoryview, source: io.BytesIO | io.FileIO, name: str) -> int:
    """Fill the room from the source; how many bytes that were. Refused `seal.file-changed` at an early end."""
    at = 0
    while at < len(room):
        read = source.readinto(room[at:])
        if not read:
            raise FILE_CHANGED(name=name)
        at += read
    return at


def part_head(name: str, size: int) -> bytes:
    """How a part begins: length of the heading, then the heading, canonical JSON of name and size."""
    heading = canonical.dumps({"name": name, "size": size}).encode()
    return len(heading).to_bytes(4, "big") + heading


def part_facts(name: str, size: int, digest: str) -> bytes:
    """What a part's commitment commits to, besides its salt."""
    return canonical.dumps({"digest": digest, "name": name, "size": size}).encode()


def _sign(
    draft: Draft,
    signer: OwnKey,
    parts: list[dict[str, Any]],
    written: Pipeline,
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
            "file": {"bytes": written.written, "digest": draft.named(written.hasher.digest())},
            "format": f"mingzheng-bid-{container.VERSION}",
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
            {
                "commitment": shamir.commitment(container.VERSION, share, draft.algorithms),
                "holder": one.holder,
                "key": one.key_fingerprint,
            }
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
    return container.label(container.VERSION, use, draft.terms.lot, draft.bid)


def _total(draft: Draft, names: Sequence[str], sizes: Sequence[int]) -> int:
    total = container.HEADER
    for name, size in zip(names, sizes, strict=True):
        total += container.sealed_length(container.padded(len(part_head(name, size)) + size), draft.chunk)
    if total > draft.terms.largest:
        raise TOO_LARGE(actual=total, largest=draft.terms.largest)
    return total

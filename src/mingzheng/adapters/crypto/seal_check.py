"""What the server checks about an uploaded bid before it accepts it, holding no key that could open it."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from mingzheng.adapters.crypto import blocks, container
from mingzheng.adapters.crypto.acts import verify_text
from mingzheng.adapters.crypto.certificates import fingerprint, public_key_of
from mingzheng.adapters.crypto.refusals import (
    DIGEST_DIFFERS,
    SEAL_ALTERED,
    SEAL_OTHER_CERTIFICATE,
    SEAL_OTHER_LOT,
    SEAL_OTHER_RESCUERS,
    SEAL_OTHER_SUITE,
    SEAL_REPLAYED,
    TOO_LARGE,
    TRUNCATED,
)
from mingzheng.adapters.crypto.seal import Seal, SignedSeal
from mingzheng.adapters.crypto.suite import suite, suite_of_key
from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.kernel.refusal import Refused


def check_seal(
    signed: SignedSeal,
    ciphertext: Path,
    terms: SealingTerms,
    *,
    certificate: str | None = None,
    taken: Callable[[UUID], bool] = lambda bid: False,
    digest: str | None = None,
) -> Seal:
    """The seal, if it and the sealed file belong together, to this lot and to this bidder; nothing is decrypted.

    `certificate` (PEM) is that of the person acting; `taken` tells whether a bid id was ever submitted; `digest` is
    the file's plain digest if the upload already computed it (it counts only for a seal of version 1, by its own
    algorithm). Refused: seal.not-sealed, .too-large, .wrong-lot,
    .wrong-suite, .not-your-envelope, .altered, .wrong-rescue-holders, .replayed, .truncated, .file-differs.
    """
    header = sealed_header(ciphertext)
    seal = signed.seal
    size = ciphertext.stat().st_size
    if max(size, seal.file_bytes) > terms.largest:
        raise TOO_LARGE(actual=max(size, seal.file_bytes), largest=terms.largest)
    if seal.lot != terms.lot:
        raise SEAL_OTHER_LOT()
    if seal.suite != terms.suite or header.suite != seal.suite:
        raise SEAL_OTHER_SUITE(suite=header.suite[:16], wanted=terms.suite)
    check_signature(signed, certificate)
    _check_rescuers(seal, terms)
    if taken(seal.bid):
        raise SEAL_REPLAYED()
    if size < seal.file_bytes:
        raise TRUNCATED(expected=seal.file_bytes, actual=size)
    if header != container.Header(seal.suite, seal.bid, seal.chunk, seal.version) or size != seal.file_bytes:
        raise DIGEST_DIFFERS()
    if digest is None or seal.version != 1 or not digest.startswith(f"{suite(seal.suite).digest_name}:"):
        digest = blocks.of_file(seal.version, suite(seal.suite), ciphertext)
    if digest != seal.file_digest:
        raise DIGEST_DIFFERS()
    return seal


def sealed_header(ciphertext: Path) -> container.Header:
    """The header of an uploaded file. Refused `seal.not-sealed` for anything that is no sealed bid."""
    with ciphertext.open("rb") as source:
        return container.Header.read(source.read(container.HEADER))


def check_signature(signed: SignedSeal, certificate: str | None = None) -> None:
    """Refused `seal.not-your-envelope` for another's certificate, `seal.altered` for a broken signature."""
    if certificate is not None and fingerprint(certificate) != signed.seal.bidder:
        raise SEAL_OTHER_CERTIFICATE()
    if fingerprint(signed.certificate) != signed.seal.bidder:
        raise SEAL_ALTERED()
    key_suite = suite_of_key(public_key_of(signed.certificate)).id
    if key_suite != signed.seal.suite:
        raise SEAL_OTHER_SUITE(suite=key_suite, wanted=signed.seal.suite)
    try:
        verify_text(signed.seal.text, signed.signature, signed.certificate)
    except Refused:
        raise SEAL_ALTERED() from None


def _check_rescuers(seal: Seal, terms: SealingTerms) -> None:
    if seal.rescue is None:
        return
    wanted = terms.rescue
    if wanted is None or seal.rescue.threshold != wanted.threshold:
        raise SEAL_OTHER_RESCUERS()
    if [(one.holder, one.key) for one in seal.rescue.holders] != [
        (one.holder, one.key_fingerprint) for one in wanted.holders
    ]:
        raise SEAL_OTHER_RESCUERS()

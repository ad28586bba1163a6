"""Checking a sealed paper from the file alone: whole, by whom, when, and whether we trust seal and time-stamp.

The time-stamp is checked by our own code at the time it tells; the signature by pyHanko at that same time. So a paper
stays good after the certificates have run out, and one signed after its certificate ran out never is.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import UnacceptableSignerError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from mingzheng.adapters.documents.place import FIELD
from mingzheng.adapters.timestamps.checking import StampFacts, check_token
from mingzheng.adapters.timestamps.port import StampNotTrusted
from mingzheng.kernel import digest as digests

#: RFC 9336: the certificate is for signing documents.
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class PaperVerdict:
    """What the file alone says. `problem` is empty when everything holds; else the first thing that does not:
    not-a-pdf, not-sealed, several-signatures, changed, added-to, no-time-stamp, time-stamp-<why>, unknown-issuer.

    `digest` is that of the file; `paper` that of the part before the seal (as the ledger entry of the act has it), both by
    the deployment's algorithm; `certificate` by its key's, and a seal inside a PDF is P-256: `sha256:`.
    """

    problem: str
    digest: str
    paper: str = ""
    holder: str = ""
    issuer: str = ""
    certificate: str = ""
    at: datetime | None = None
    authority: str = ""
    serial: int = 0

    @property
    def ok(self) -> bool:
        """Whole, sealed, stamped, and by issuers we trust."""
        return not self.problem


def check_paper(content: bytes, trust: Sequence[bytes], stamp_trust: Sequence[bytes] | None = None) -> PaperVerdict:
    """`trust`: certificates (DER) of issuers of document seals; `stamp_trust`: those of time-stamp authorities."""
    digest = digests.of(content)
    if not content.startswith(b"%PDF-"):
        return PaperVerdict("not-a-pdf", digest)
    try:
        signatures = PdfFileReader(io.BytesIO(content)).embedded_signatures
        if not signatures:
            return PaperVerdict("not-sealed", digest)
        if len(signatures) > 1 or signatures[0].field_name != FIELD:
            return PaperVerdict("several-signatures", digest)
        return _checked(content, digest, signatures[0], trust, list(stamp_trust if stamp_trust is not None else trust))
    except (PdfError, SignatureValidationError, UnacceptableSignerError):
        return PaperVerdict("changed", digest)
    except Exception:  # the file is a stranger's: whatever a parser stumbles over, the paper is not whole
        return PaperVerdict("changed", digest)


def _checked(
    content: bytes, digest: str, found: EmbeddedPdfSignature, trust: Sequence[bytes], stamp_trust: list[bytes]
) -> PaperVerdict:
    certificate = found.signer_cert
    paper = digests.of(content[: _end_of_paper(content)])
    told: dict[str, Any] = {"digest": digest, "paper": paper, **_names(certificate)}
    stamp, why = _stamp(found, stamp_trust)
    if stamp is not None:
        told |= {"at": stamp.at, "authority": stamp.authority, "serial": stamp.serial}
    status = _status(found, trust, stamp.at if stamp else certificate.not_valid_before)
    if not status.intact or not status.valid:
        return PaperVerdict("changed", **told)
    if found.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE or _gap(content, found):
        return PaperVerdict("added-to", **told)
    if stamp is None:
        return PaperVerdict(why, **told)
    return PaperVerdict("" if status.trusted else "unknown-issuer", **told)


def _status(found: EmbeddedPdfSignature, trust: Sequence[bytes], moment: datetime) -> Any:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(one) for one in trust], moment=moment, allow_fetching=False
    )
    return asyncio.run(async_validate_pdf_signature(found, context, context))


def _stamp(found: EmbeddedPdfSignature, trust: list[bytes]) -> tuple[StampFacts | None, str]:
    """The facts of the time-stamp over this very signature value, or why there are none."""
    value = found.signer_info["signature"].native
    tokens = [
        token.dump()
        for one in found.signer_info["unsigned_attrs"]
        if one["type"].native == "signature_time_stamp_token"
        for token in one["values"]
    ]
    if len(tokens) != 1:
        return None, "no-time-stamp"
    try:
        return check_token(tokens[0], hashlib.sha256(value).digest(), trust), ""
    except StampNotTrusted as fault:
        return None, f"time-stamp-{fault.problem}"


def _gap(content: bytes, found: EmbeddedPdfSignature) -> bool:
    """Whether anything but the signature, written out and filled up with zeros, stands in the part that is not signed."""
    start, first, second, last = (int(value) for value in found.sig_object["/ByteRange"])
    told = cms.ContentInfo.load(found.pkcs7_content).dump().hex().upper().encode()
    hole = content[first:second]
    right = hole == b"<" + told.ljust(len(hole) - 2, b"0") + b">"
    return not (start == 0 and second + last == len(content) and right)


def _end_of_paper(content: bytes) -> int:
    """Where the paper ends and the seal was added: after the first end-of-file mark."""
    mark = content.find(b"%%EOF")
    end = mark + 5
    while content[end : end + 1] in (b"\r", b"\n"):
        end += 1
    return end


def _names(certificate: x509.Certificate) -> dict[str, str]:
    subject, issuer = certificate.subject.native, certificate.issuer.native
    return {
        "holder": str(subject.get("organization_name") or subject.get("common_name") or ""),
        "issuer": str(issuer.get("common_name") or ""),
        "certificate": digests.named("sha256", hashlib.sha256(certificate.dump()).digest()),
    }

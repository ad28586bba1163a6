"""Sealing a paper: PAdES baseline B-T with P-256, a visible seal in the field the paper brings, a time-stamp.

The signature is an incremental update: the sealed file begins with the paper, byte for byte, as its digest stood in the
ledger when the act was done. A certifying signature (DocMDP, no changes allowed), so a reader shows any later addition.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, x509
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from mingzheng.adapters.documents.place import FIELD
from mingzheng.adapters.documents.signer import PaperSigner, SealUnavailable
from mingzheng.adapters.documents.stamp import drawn
from mingzheng.adapters.timestamps import asking
from mingzheng.adapters.timestamps.port import StampNotTrusted, StampRefused, StampsUnavailable, Timestamps

PURPOSE = "电子文书专用章"
#: Hexadecimal digits kept free for signature and time-stamp.
ROOM = 20_480


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed paper, and what its time-stamp is called (serial number)."""

    content: bytes
    holder: str


def seal(
    paper: bytes, signer: PaperSigner, timestamps: Timestamps, *, at: datetime, remark: str = "", place: str = ""
) -> Sealed:
    """The paper with seal and time-stamp. `remark` stands framed in the seal (演示); `place` is the verification page.

    Raises `SealUnavailable`, also when the time-stamp authority refuses or is not to be trusted.
    """
    told = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=signer.holder,
        reason="文书出具",
        contact_info=place or None,
    )
    picture = StaticStampStyle(
        background=_Picture(drawn(signer.holder, PURPOSE, remark)), background_opacity=0.88, border_width=0
    )
    pdf_signer = _AtItsTime(at, told, _Pen(signer), timestamper=_Stamper(timestamps), stamp_style=picture)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(paper))
        made = pdf_signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=ROOM)
    except (StampsUnavailable, StampRefused, StampNotTrusted) as fault:
        raise SealUnavailable(f"time-stamp: {fault}") from fault
    except (SigningError, PdfError, ValueError) as fault:
        raise SealUnavailable(f"{type(fault).__name__}: {fault}") from fault
    return Sealed(bytes(made.getvalue()), signer.holder)


class _Picture(ImportedPdfPage):
    """The drawn seal, from memory."""

    def __init__(self, content: bytes) -> None:
        super().__init__("")  # type: ignore[no-untyped-call]
        self.content = content

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self.content)))
        self.resources.xobject["/Seal"] = page
        left, low, right, high = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(left - right), height=abs(low - high))
        return b"/Seal Do"


class _Pen(Signer):
    """A `PaperSigner` as pyHanko wants it."""

    def __init__(self, signer: PaperSigner) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([x509.Certificate.load(one) for one in signer.issuers])
        super().__init__(
            signing_cert=x509.Certificate.load(signer.certificate),
            cert_registry=store,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        )
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(72) if dry_run else self._signer.sign(data)


class _Stamper(TimeStamper):
    """A `Timestamps` as pyHanko wants it."""

    def __init__(self, authority: Timestamps) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._authority = authority

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return cms.ContentInfo.load(asking.stamp(self._authority, message_digest, md_algorithm))


class _AtItsTime(PdfSigner):
    """Signs at the deployment's time instead of the machine's."""

    def __init__(self, at: datetime, *told: Any, **more: Any) -> None:
        super().__init__(*told, **more)
        self._at = at

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session

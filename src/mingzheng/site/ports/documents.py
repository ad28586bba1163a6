"""The typesetter of official papers, and the seal they get: key, certificate, time-stamps, and what is trusted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import settings

from mingzheng.adapters.crypto.ca import DemoAuthority, keep_private
from mingzheng.adapters.crypto.suite import suite
from mingzheng.adapters.documents import Typesetter
from mingzheng.adapters.documents.apart import judged_apart
from mingzheng.adapters.documents.detached import detached
from mingzheng.adapters.documents.signer import FileSigner, PaperSigner, SealUnavailable
from mingzheng.adapters.documents.token_signer import TokenSeal
from mingzheng.kernel import clock, digest, ports
from mingzheng.site.deployment_clock import DEMO_START

if TYPE_CHECKING:
    from mingzheng.adapters.documents.checking import PaperVerdict
    from mingzheng.adapters.timestamps import Timestamps

YEARS = 10
SEAL_USAGE = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336: signing documents


@dataclass(frozen=True, slots=True)
class SealedPaper:
    """A sealed file with what the ledger says of it; `stamp` is the time-stamp's serial number (hexadecimal)."""

    content: bytes
    holder: str
    certificate: str
    at: datetime
    stamp: str
    signature: str
    signature_digest: str


class PaperSeals:
    """`off`; `demo`: keys of this deployment, certificates of its own authority; `files`, `token`: the centre's own seal, its
    key in a file or in a PKCS#11 token (see the administrator's guide)."""

    @property
    def active(self) -> bool:
        """Whether papers are sealed here."""
        return settings.MINGZHENG_PAPER_SEAL != "off"

    @property
    def folder(self) -> Path:
        return Path(settings.MINGZHENG_STATE) / "keys"

    @cached_property
    def _signer(self) -> PaperSigner:
        certificates = self.folder / "document-seal.crt"
        if settings.MINGZHENG_PAPER_SEAL == "files":
            return FileSigner.of_files(self.folder / "document-seal.pem", certificates)
        if settings.MINGZHENG_PAPER_SEAL == "token":
            return TokenSeal(
                settings.MINGZHENG_SEAL_MODULE, settings.MINGZHENG_SEAL_TOKEN, self.folder / "document-seal.pin",
                certificates, key=settings.MINGZHENG_SEAL_KEY,
            )  # fmt: skip
        return self._own("document-seal", "电子文书专用章", SEAL_USAGE)

    @cached_property
    def _timestamps(self) -> "Timestamps":
        from mingzheng.adapters.timestamps import DirectTimestamps, LocalAuthority

        if settings.MINGZHENG_TIMESTAMPS:
            return DirectTimestamps(settings.MINGZHENG_TIMESTAMPS, self.stamp_trust)
        if settings.MINGZHENG_PAPER_SEAL in ("files", "token"):
            raise SealUnavailable("MINGZHENG_TIMESTAMPS names no time-stamp authority")
        own = self._own("timestamps", "时间戳", ExtendedKeyUsageOID.TIME_STAMPING)
        return LocalAuthority(own.sign, own.certificate)

    def timestamps(self) -> "Timestamps":
        """The time-stamp authority papers are stamped by."""
        return self._timestamps

    def _own(self, name: str, purpose: str, usage: x509.ObjectIdentifier) -> FileSigner:
        """A key of this deployment with a certificate of the demo authority, made at first use and kept."""
        key, place = _kept(self.folder, name), self.folder / f"{name}.crt"
        if not place.exists():
            pem = self._authority("INTL-1").issue_service(
                name=f"{settings.MINGZHENG_CENTRE} {purpose}", organisation=settings.MINGZHENG_CENTRE,
                public_key=suite("INTL-1").public_key(key), at=min(clock.now(), DEMO_START), days=365 * YEARS, usage=usage,
            )  # fmt: skip
            keep_private(place, pem.encode())
        return FileSigner(key, _der(place.read_text("ascii")))

    def _authority(self, suite_name: str) -> DemoAuthority:
        return DemoAuthority.open(self.folder, min(clock.now(), DEMO_START), suite_name)

    @cached_property
    def trust(self) -> list[bytes]:
        """Issuers of document seals (DER): the demo authority where time is simulated, and `keys/trusted-seals/*.pem`."""
        own = [_der(self._authority("INTL-1").certificate)] if settings.SIMULATED else []
        return own + _trusted(self.folder / "trusted-seals")

    @cached_property
    def stamp_trust(self) -> list[bytes]:
        """Issuers of time-stamp authorities (DER): likewise, and `keys/trusted-timestamps/*.pem`."""
        own = [_der(self._authority("INTL-1").certificate)] if settings.SIMULATED else []
        return own + _trusted(self.folder / "trusted-timestamps")

    def seal(self, paper: bytes, at: datetime) -> SealedPaper:
        """Seal, stamp and check what was made. Raises `SealUnavailable`."""
        from mingzheng.adapters.documents.sealing import seal
        from mingzheng.adapters.timestamps import LocalAuthority

        stamps = self._timestamps
        if isinstance(stamps, LocalAuthority):  # pyHanko asks from inside an event loop, where Django refuses queries
            stamps = stamps.standing_at(clock.now())
        made = seal(
            paper, self._signer, stamps, at=at, remark="演示" if settings.SIMULATED else "",
            place=f"{settings.MINGZHENG_ADDRESS}/verify",
        )  # fmt: skip
        found = self.check(made.content)
        if not found.ok or found.at is None or abs(found.at - at) > timedelta(minutes=5):
            raise SealUnavailable(f"the sealed paper does not verify: {found.problem or 'its time is not ours'}")
        signature = self._beside(made.content, at)
        return SealedPaper(
            made.content, found.holder, found.certificate, found.at, f"{found.serial:x}", signature,
            digest.of(signature.encode()) if signature else "",
        )  # fmt: skip

    def check(self, content: bytes) -> "PaperVerdict":
        """What a file says of itself (see `adapters.documents.checking`)."""
        from mingzheng.adapters.documents.checking import check_paper

        return check_paper(content, self.trust, self.stamp_trust)

    def judge(self, content: bytes, *, ours: bool) -> "PaperVerdict":
        """`check` for a file somebody brought; a stranger's file is read by a process of its own with narrow limits."""
        return self.check(content) if ours else judged_apart(content, self.trust, self.stamp_trust)

    def _beside(self, content: bytes, at: datetime) -> str:
        """In GM-1 the SM2 signature over the sealed file's digest; otherwise empty."""
        if settings.MINGZHENG_SUITE != "GM-1":
            return ""
        key, certificate = self._sm2
        return detached(content, key, certificate, at)

    @cached_property
    def _sm2(self) -> tuple[bytes, bytes]:
        key, place = _kept(self.folder, "document-seal", "GM-1"), self.folder / "document-seal.gm-1.crt"
        if not place.exists():
            pem = self._authority("GM-1").issue_service(
                name=f"{settings.MINGZHENG_CENTRE} 电子文书专用章", organisation=settings.MINGZHENG_CENTRE,
                public_key=suite("GM-1").public_key(key), at=min(clock.now(), DEMO_START), days=365 * YEARS, usage=SEAL_USAGE,
            )  # fmt: skip
            keep_private(place, pem.encode())
        return key, _der(place.read_text("ascii"))


def _kept(folder: Path, name: str, suite_name: str = "INTL-1") -> bytes:
    """A private key (PKCS#8 DER) in a file for the owner's eyes only, made at first use."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = folder / f"{name}.{suite_name.lower()}.p8"
    if not place.exists():
        keep_private(place, suite(suite_name).new_private_key())
    return place.read_bytes()


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)


def _trusted(folder: Path) -> list[bytes]:
    return [_der(path.read_text("ascii")) for path in sorted(folder.glob("*.pem"))]


def wire() -> None:
    seals = PaperSeals()
    ports.use("documents", Typesetter(sealable=seals.active))
    ports.use("paper_seals", seals)

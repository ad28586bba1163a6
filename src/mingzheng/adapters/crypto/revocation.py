"""Whether certificates still stand: lists of their authorities (CRL), kept and renewed, and questions by OCSP.

For every authority that publishes one the newest verified list is kept in a folder, so that a restart or a silent
authority changes nothing for as long as the list is good and a grace beyond it. A list older than the one kept is never
taken. Where neither a list nor an answer is to be had the standing is `unknown`, and the authority's entry says whether
a binding act is then refused.
"""

import hashlib
import secrets
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mingzheng.adapters.crypto import ocsp
from mingzheng.adapters.crypto.certificates import issued_by, listed_by, load

LARGEST: Final = 32 * 1024 * 1024  # bytes of a list
SECONDS: Final = 4.0  # an authority has to answer in
ANSWER_KEPT: Final = timedelta(minutes=5)

Fetch = Callable[[str, bytes | None], bytes]
"""(address, body of a POST or None) -> the answer. Raises OSError."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A trusted authority and where it tells of revocations. `required`: without news a binding act is refused."""

    certificate: x509.Certificate
    crl: str = ""
    ocsp: str = ""
    grace: timedelta = timedelta(hours=24)
    required: bool = True

    @property
    def name(self) -> str:
        """A name for files and logs."""
        return hashlib.sha256(self.certificate.public_bytes(Encoding.DER)).hexdigest()[:16]

    @property
    def tells(self) -> bool:
        return bool(self.crl or self.ocsp)


@dataclass(frozen=True, slots=True)
class Standing:
    """`good`, `revoked` since a moment, or `unknown`; `source` is crl, ocsp or nothing."""

    status: str
    since: datetime | None = None
    source: str = ""


GOOD_WITHOUT_NEWS: Final = Standing("good")


def read_authorities(folder: Path) -> list[Authority]:
    """The certificates (*.pem) of a folder, with what authorities.toml says of them.

    ValueError naming the entry that cannot be used.
    """
    configured = folder / "authorities.toml"
    entries = tomllib.loads(configured.read_text("utf-8")).get("authority", []) if configured.is_file() else []
    told = {str(one.get("file", "")): one for one in entries}
    found = []
    for path in sorted(folder.glob("*.pem")):
        entry = told.pop(path.name, {})
        for kind in ("crl", "ocsp"):
            if not str(entry.get(kind, "http://")).startswith(("http://", "https://")):
                raise ValueError(f"{configured}: {kind} of {path.name} is no http address")
        found.append(
            Authority(
                load(path.read_text("utf-8")), str(entry.get("crl", "")), str(entry.get("ocsp", "")),
                timedelta(hours=float(entry.get("grace_hours", 24))), bool(entry.get("required", True)),
            )
        )  # fmt: skip
    if told:
        raise ValueError(f"{configured}: there is no file {', '.join(sorted(told))}")
    return found


@dataclass
class Revocations:
    """What is known of revocations by these authorities; lists are kept in `folder`."""

    folder: Path
    authorities: list[Authority]
    fetch: Fetch = field(default_factory=lambda: over_http)
    failed: dict[str, str] = field(default_factory=dict)
    _lists: dict[str, tuple[int, x509.CertificateRevocationList]] = field(default_factory=dict)
    _answers: dict[tuple[str, int], ocsp.Answer] = field(default_factory=dict)

    def refresh(self, at: datetime) -> int:
        """Fetch every authority's list and keep the newer ones; how many were new. Failures are told in `failed`."""
        taken = 0
        for authority in self.authorities:
            if not authority.crl:
                continue
            try:
                taken += self.take(authority, self.fetch(authority.crl, None), at)
                self.failed.pop(authority.name, None)
            except (OSError, ValueError) as fault:
                self.failed[authority.name] = f"{type(fault).__name__}: {fault}"[:200]
        return taken

    def take(self, authority: Authority, content: bytes, at: datetime) -> bool:
        """Keep a list (DER or PEM) if it is the authority's, of this time and newer than the one kept. ValueError."""
        if len(content) > LARGEST:
            raise ValueError("the list is too long")
        read = x509.load_pem_x509_crl if content.lstrip().startswith(b"-----") else x509.load_der_x509_crl
        found = read(content)
        if found.issuer != authority.certificate.subject or not listed_by(found, authority.certificate):
            raise ValueError("the list is not signed by the authority")
        if found.last_update_utc > at + ocsp.SKEW:
            raise ValueError("the list is of a later time")
        if not _whole(found):
            raise ValueError("the list does not speak of all certificates of the authority")
        kept = self._list(authority)
        if kept is not None and found.last_update_utc <= kept.last_update_utc:
            return False
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f".{authority.name}.{secrets.token_hex(4)}"
        draft.write_bytes(found.public_bytes(Encoding.DER))
        draft.replace(self._place(authority))
        return True

    def standing(self, certificate: x509.Certificate, authority: x509.Certificate, at: datetime) -> Standing:
        """How a certificate of a trusted authority stands at `at`, by its list and, where it has a responder, by asking."""
        known = next((one for one in self.authorities if one.certificate == authority), None)
        if known is None or not known.tells:
            return GOOD_WITHOUT_NEWS
        by_list = self._by_list(known, certificate, at)
        if by_list.status == "revoked" or not known.ocsp:
            return by_list
        by_answer = self._by_answer(known, certificate, at)
        return by_list if by_answer.status == "unknown" else by_answer

    def listed(self, certificate: x509.Certificate, at: datetime) -> datetime | None:
        """Since when a kept list of its issuer revokes a certificate; nobody is asked.

        The number is looked up first: few are on any list, and checking who issued a certificate costs a signature.
        """
        for known in self.authorities:
            entry = self._entry(known, certificate) if known.crl else None
            if entry is not None and entry.revocation_date_utc <= at and issued_by(certificate, known.certificate):
                return entry.revocation_date_utc
        return None

    def required(self, authority: x509.Certificate) -> bool:
        """Whether an unknown standing of this authority's certificates refuses a binding act."""
        return any(one.required for one in self.authorities if one.certificate == authority)

    def _by_list(self, known: Authority, certificate: x509.Certificate, at: datetime) -> Standing:
        found, entry = self._list(known), self._entry(known, certificate)
        if found is None:
            return Standing("unknown")
        if entry is not None and entry.revocation_date_utc <= at:
            return Standing("revoked", entry.revocation_date_utc, "crl")
        until = found.next_update_utc
        fresh = until is None or at <= until + known.grace
        return Standing("good", None, "crl") if fresh else Standing("unknown")

    def _entry(self, known: Authority, certificate: x509.Certificate) -> x509.RevokedCertificate | None:
        """What the kept list of an authority says of a certificate's number; whose certificate it is, nobody asked yet."""
        found = self._list(known)
        return found.get_revoked_certificate_by_serial_number(certificate.serial_number) if found else None

    def _by_answer(self, known: Authority, certificate: x509.Certificate, at: datetime) -> Standing:
        place = (known.name, certificate.serial_number)
        answer = self._answers.get(place)
        if answer is None or not answer.made <= at <= answer.made + ANSWER_KEPT:
            nonce = secrets.token_bytes(16)
            try:
                told = self.fetch(known.ocsp, ocsp.request(certificate, known.certificate, nonce))
                answer = ocsp.read(told, certificate, known.certificate, nonce, at)
            except (OSError, ocsp.AnswerRefused) as fault:
                self.failed[known.name] = f"{type(fault).__name__}: {fault}"[:200]
                return Standing("unknown")
            self._answers[place] = answer
        return Standing(answer.status, answer.since, "ocsp")

    def _list(self, authority: Authority) -> x509.CertificateRevocationList | None:
        place = self._place(authority)
        try:
            stamp = place.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        kept = self._lists.get(authority.name)
        if kept is None or kept[0] != stamp:
            kept = stamp, x509.load_der_x509_crl(place.read_bytes())
            self._lists[authority.name] = kept
        return kept[1]

    def _place(self, authority: Authority) -> Path:
        return self.folder / f"{authority.name}.crl"


def _whole(found: x509.CertificateRevocationList) -> bool:
    """Whether a list tells of every revocation (RFC 5280, 5.2): one of changes only would make the revoked good again."""
    for one in found.extensions:
        if isinstance(one.value, x509.IssuingDistributionPoint):
            part = one.value
            if (
                part.only_contains_ca_certs
                or part.only_contains_attribute_certs
                or part.only_some_reasons
                or part.indirect_crl
            ):
                return False
        elif one.critical:
            return False
    return True


class _Nowhere(urllib.request.HTTPRedirectHandler):
    """An authority's address is the one in the settings; it sends nobody elsewhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Nowhere)


def over_http(address: str, body: bytes | None) -> bytes:
    """GET, or POST of an OCSP request. Raises OSError (also for an answer that is too long)."""
    headers = {"Content-Type": "application/ocsp-request"} if body is not None else {}
    asked = urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 -- http(s) only: read_authorities
    try:
        with _OPENER.open(asked, timeout=SECONDS) as answer:
            found: bytes = answer.read(LARGEST + 1)
    except urllib.error.HTTPError as fault:
        fault.close()
        raise OSError(str(fault)) from None
    except (urllib.error.URLError, ValueError) as fault:
        raise OSError(str(fault)) from fault
    return found

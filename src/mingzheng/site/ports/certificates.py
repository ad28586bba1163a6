"""Certificates of this deployment: the demo authority of its suite, the trust store, revocations.

A signature is checked with the algorithms of its certificate's key, so authorities of both suites may be trusted.
"""

from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from mingzheng.adapters.crypto import acts, certificates
from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.keyfile import write_key_file
from mingzheng.adapters.crypto.refusals import CERTIFICATE_FOREIGN, CERTIFICATE_REVOKED, CERTIFICATE_UNCERTAIN
from mingzheng.adapters.crypto.revocation import Revocations, read_authorities
from mingzheng.kernel import clock, ports
from mingzheng.site.deployment_clock import DEMO_START
from mingzheng.stages.parties import queries as parties


class Certificates:
    """What stages ask of certificates. Trusted authorities: the demo one, and PEM files in `keys/trusted`."""

    @property
    def folder(self) -> Path:
        return Path(settings.MINGZHENG_STATE) / "keys"

    @cached_property
    def authority(self) -> DemoAuthority:
        """The demo certificate authority of this suite, made at first use, valid from the day every demo begins."""
        return DemoAuthority.open(self.folder, min(clock.now(), DEMO_START), settings.MINGZHENG_SUITE)

    @cached_property
    def revocations(self) -> Revocations:
        """What the licensed authorities of `keys/trusted` tell of revocations (authorities.toml)."""
        return Revocations(self.folder / "revocations", read_authorities(self.folder / "trusted"))

    @cached_property
    def trust(self) -> certificates.TrustStore:
        own = [certificates.load(self.authority.certificate)] if settings.SIMULATED else []
        return certificates.TrustStore([*own, *(one.certificate for one in self.revocations.authorities)])

    def check(self, pem: str, at: datetime) -> certificates.CertificateFacts:
        """Facts of a certificate that binds at `at`; refused with a typed reason otherwise (RG-4.1-2).

        Revoked here (by holder or administrator), by its authority's list, or by its responder's answer; where the
        authority must be heard and is not, the act waits.
        """
        found = certificates.check_certificate(pem, at, self.trust)
        if parties.is_out_of_use(found.fingerprint):
            raise CERTIFICATE_REVOKED(serial=found.serial)
        own = certificates.load(pem)
        issuer = self.trust.issuer_of(own)
        if issuer is None:
            raise CERTIFICATE_FOREIGN()
        standing = self.revocations.standing(own, issuer, at)
        if standing.status == "revoked":
            raise CERTIFICATE_REVOKED(serial=found.serial)
        if standing.status == "unknown" and self.revocations.required(issuer):
            raise CERTIFICATE_UNCERTAIN(issuer=found.issuer)
        return found

    def refresh_revocations(self, at: datetime) -> int:
        """Fetch the authorities' lists; how many were new."""
        return self.revocations.refresh(at)

    def listed_since(self, pem: str, at: datetime) -> datetime | None:
        """Since when the kept list of its authority revokes this certificate, or None."""
        return self.revocations.listed(certificates.load(pem), at)

    def facts(self, pem: str) -> certificates.CertificateFacts:
        return certificates.facts(pem)

    def issue(self, **subject: Any) -> str:
        return self.authority.issue(**subject)

    def new_key_file(self, password: str, **subject: Any) -> tuple[str, str]:
        """A fresh key of the demo authority: (text of the key file, certificate PEM)."""
        private, pem = self.authority.issue_with_key(**subject)
        return write_key_file(private, pem, password), pem

    def act_text(self, act: str, fields: dict[str, Any], nonce: str) -> str:
        return acts.act_text(act, fields, nonce)

    def login_text(self, challenge: str, origin: str) -> str:
        return acts.login_text(challenge, origin)

    def verify_act(self, fingerprint: str, text: str, signature: str, at: datetime) -> None:
        """Refused unless the signature is by the enrolled certificate and that certificate binds now."""
        pem = parties.certificate(fingerprint).pem
        self.check(pem, at)
        acts.verify_act(text, signature, pem)

    def verify_text(self, pem: str, text: str, signature: str, at: datetime) -> certificates.CertificateFacts:
        found = self.check(pem, at)
        acts.verify_text(text, signature, pem)
        return found


def wire() -> None:
    ports.use("certificates", Certificates())

"""Authorities, certificates and seals for the tests of papers and time-stamps; everything made in memory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mingzheng.adapters.documents.signer import FileSigner
from mingzheng.adapters.timestamps import LocalAuthority
from mingzheng.kernel import clock

AT = datetime(2026, 5, 8, 10, 0, tzinfo=clock.UTC8)
SEALS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
STAMPS = ExtendedKeyUsageOID.TIME_STAMPING


def name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "云州中心")]
    )


@dataclass
class Root:
    """A certificate authority."""

    common: str = "测试根"

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._made(self.common, self.key.public_key(), AT - timedelta(days=900), 9000, None)
        self.der = self.certificate.public_bytes(Encoding.DER)
        self.pem = self.certificate.public_bytes(Encoding.PEM)

    def signer(self, usage: x509.ObjectIdentifier, *, start: datetime = AT, days: int = 3650) -> FileSigner:
        """A key with a certificate for one purpose."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._made("云州中心 印章", key.public_key(), start, days, usage)
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return FileSigner(private, made.public_bytes(Encoding.DER))

    def authority(self, *, start: datetime = AT, days: int = 3650, now: datetime = AT, usage=STAMPS) -> LocalAuthority:
        """A time-stamp authority whose clock stands at `now`."""
        own = self.signer(usage, start=start, days=days)
        return LocalAuthority(own.sign, own.certificate, now=lambda: now)

    def _made(self, common, key, start, days, usage):
        ours = usage is None
        builder = x509.CertificateBuilder().subject_name(name(common)).issuer_name(name(self.common)).public_key(key)
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start)
        builder = builder.not_valid_after(start + timedelta(days=days))
        builder = builder.add_extension(x509.BasicConstraints(ca=ours, path_length=None), critical=True)
        builder = builder.add_extension(
            x509.KeyUsage(not ours, not ours, False, False, False, ours, ours, False, False), critical=True
        )
        if usage is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        return builder.sign(self.key, hashes.SHA256())

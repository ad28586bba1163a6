"""Hardware keys for tests: SoftHSM tokens in a temporary folder, each with a P-256 key and its certificate."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11 import Attribute, CertificateType, KeyType, MechanismFlag, ObjectClass
from pkcs11.util.ec import encode_named_curve_parameters

from mingzheng.adapters.agent.pkcs11_signer import TokenSigner, open_token, readable
from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.intl1 import public_der
from mingzheng.kernel import clock

PIN = "1234-本人"
SO_PIN = "87654321"
PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
NOW = datetime(2026, 3, 2, 9, tzinfo=clock.UTC8)


def module() -> str:
    """The PKCS#11 module of SoftHSM; a loud skip without it, a failure in CI."""
    found = next((place for place in PLACES if Path(place).is_file()), None)
    if found is None:
        said = "no SoftHSM here: apt-get install softhsm2; hardware keys are NOT TESTED"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    return found


def prepare(folder: Path, count: int) -> list[str]:
    """Write the configuration and as many empty tokens; their labels. The module sees what is there when it is loaded."""
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    labels = [f"token-{number}" for number in range(count)]
    for label in labels:
        order = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", SO_PIN]
        subprocess.run(order, check=True, capture_output=True, env={**os.environ, "SOFTHSM2_CONF": str(conf)})
    return labels


@dataclass
class SoftTokens:
    """Tokens to be taken one by one."""

    module: str
    folder: Path
    authority: DemoAuthority
    blank: list[str]

    def plug_in(self, *, keys: int = 1, certified: bool = True) -> str:
        """A token with P-256 keys `key-0`, `key-1`, ... and their certificates; its label."""
        label = self.blank.pop()
        with self._token(label).open(rw=True, user_pin=PIN) as session:
            for number in range(keys):
                public = _spki(_key_pair(session, f"key-{number}"))
                if certified:
                    store_certificate(session, self.certificate(public))
        return label

    def certificate(self, public: bytes) -> str:
        """A certificate of the demo authority for a public key (SPKI)."""
        return self.authority.issue(
            subject_name="张三",
            organisation_name="甲公司",
            organisation_code="91330100MA2A0000XX",
            person_id="",
            public_key=public,
            at=NOW,
        )

    def public_key(self, label: str) -> bytes:
        """SPKI of the token's only key."""
        with self._token(label).open(user_pin=PIN) as session:
            return _spki(next(iter(session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY}))))

    def add_certificate(self, label: str, pem: str) -> None:
        with self._token(label).open(rw=True, user_pin=PIN) as session:
            store_certificate(session, pem)

    def open(self, label: str, **given: Any) -> TokenSigner:
        return open_token(self.module, label, PIN, **given)

    def pull_out(self, label: str) -> None:
        """The token is gone from its slot."""
        serial = self._token(label).serial.decode()
        (gone,) = (one for one in (self.folder / "tokens").iterdir() if one.name.replace("-", "").endswith(serial))
        shutil.rmtree(gone)

    def _token(self, label: str) -> Any:
        return next(t for t in readable(pkcs11.lib(self.module).get_slots()) if t.label == label)


def _key_pair(session: Any, label: str) -> Any:
    """A pair made inside the token, the private half sensitive and not extractable; the public half."""
    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    domain = session.create_domain_parameters(KeyType.EC, curve, local=True)
    use = MechanismFlag.SIGN | MechanismFlag.VERIFY | MechanismFlag.DERIVE
    closed = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
    public, _ = domain.generate_keypair(store=True, label=label, capabilities=use, private_template=closed)
    return public


def _spki(public: Any) -> bytes:
    point = bytes(public[Attribute.EC_POINT])[2:]  # an OCTET STRING of 65 bytes
    return public_der(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))


def store_certificate(session: Any, pem: str) -> None:
    """As an authority's tool puts it on the token."""
    made = x509.load_pem_x509_certificate(pem.encode())
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.CERTIFICATE,
            Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
            Attribute.TOKEN: True,
            Attribute.PRIVATE: False,
            Attribute.LABEL: "certificate",
            Attribute.SUBJECT: made.subject.public_bytes(),
            Attribute.VALUE: made.public_bytes(serialization.Encoding.DER),
        }
    )

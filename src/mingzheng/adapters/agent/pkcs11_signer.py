"""A key in a PKCS#11 token: a smart card, a USB key, SoftHSM. It signs and multiplies points; it is never read out."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pkcs11 import KDF, Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import PKCS11Error

from mingzheng.adapters.agent.key_schedule import POINT, open_wrapped
from mingzheng.adapters.agent.refusals import (
    KEY_ABSENT,
    MODULE_ABSENT,
    PIN_WRONG,
    SM2_NOT_YET,
    TOKEN_ABSENT,
    TOKEN_REMOVED,
)
from mingzheng.adapters.crypto.certificates import public_key_of
from mingzheng.adapters.crypto.intl1 import ORDER
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite_of_key
from mingzheng.kernel.refusal import Refused

_PROBE: Final = b"mingzheng key pair"
SUITE: Final = "INTL-1"


class TokenSigner:
    """One P-256 key of one token, logged in until `close`. One act at a time: tokens are not shared by threads."""

    suite = SUITE

    def __init__(self, token: Any, session: Any, private: Any, certificate: str) -> None:
        self._token, self._session, self._private = token, session, private
        self._guard = threading.Lock()
        self.certificate = certificate
        self.label = str(token.label).strip()

    @property
    def point(self) -> bytes:
        """The key's own public point, uncompressed: the end of its SubjectPublicKeyInfo."""
        return public_key_of(self.certificate)[-POINT:]

    def sign(self, message: bytes) -> bytes:
        """Raw r || s with the lower s. Refused `agent.token-removed`."""
        with self._guard:
            self._require_present()
            try:
                return lower_s(bytes(self._private.sign(hashlib.sha256(message).digest(), mechanism=Mechanism.ECDSA)))
            except PKCS11Error:
                raise TOKEN_REMOVED() from None

    def unwrap(self, wrapped: bytes, context: bytes) -> Secret:
        """As `Signer.unwrap`."""
        return Secret(open_wrapped(wrapped, context, self.point, self._agree))

    def close(self) -> None:
        """Log out of the token."""
        with suppress(PKCS11Error):  # the token may be gone, and its login with it
            self._session.close()

    def _agree(self, point: bytes) -> bytes:
        """ECDH in the token (CKM_ECDH1_DERIVE without a KDF)."""
        template = {Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True, Attribute.TOKEN: False}
        with self._guard:
            self._require_present()
            try:
                shared = self._private.derive_key(
                    KeyType.GENERIC_SECRET,
                    256,
                    mechanism=Mechanism.ECDH1_DERIVE,
                    mechanism_param=(KDF.NULL, None, point),
                    template=template,
                )
                found = bytes(shared[Attribute.VALUE])
                shared.destroy()
                return found
            except PKCS11Error:
                raise TOKEN_REMOVED() from None

    def _require_present(self) -> None:
        """A module may answer from memory after its token was pulled out: ask the slot again before every use."""
        try:
            there = self._token.slot.get_token()
            if there.serial != self._token.serial or str(there.label).strip() != self.label:
                raise TOKEN_REMOVED()
        except PKCS11Error:
            raise TOKEN_REMOVED() from None


def open_token(module: str, label: str, pin: str, *, certificate: str | None = None, key: str = "") -> TokenSigner:
    """Log in to a token and find its key with the certificate (PEM; the token's own unless given).

    `key` is the label of the private key where there are several. Refused `agent.module-absent`, `agent.token-absent`,
    `agent.wrong-pin`, `agent.no-key`, `agent.sm2-not-supported`.
    """
    token = token_named(module, label)
    try:
        session = token.open(user_pin=pin)
    except PKCS11Error as failed:
        raise PIN_WRONG(problem=type(failed).__name__) from None
    try:
        private, pem = _pair(session, certificate, key)
    except PKCS11Error as failed:
        session.close()
        raise KEY_ABSENT(problem=type(failed).__name__) from None
    except Refused:
        session.close()
        raise
    return TokenSigner(token, session, private, pem)


def token_named(module: str, label: str) -> Any:
    """The token of this label. Refused `agent.module-absent`, `agent.token-absent`."""
    if not Path(module).is_file():
        raise MODULE_ABSENT(problem=f"{module} 不存在")
    try:
        slots = pkcs11.lib(module).get_slots(token_present=True)
    except (PKCS11Error, RuntimeError) as failed:
        raise MODULE_ABSENT(problem=str(failed) or type(failed).__name__) from None
    named = {str(token.label).strip(): token for token in readable(slots)}
    if label not in named:
        raise TOKEN_ABSENT(label=label, present="、".join(one for one in named if one) or "无")
    return named[label]


def readable(slots: Iterable[Any]) -> Iterator[Any]:
    """The tokens in these slots; a slot whose token does not answer hides no other."""
    for slot in slots:
        with suppress(PKCS11Error):
            yield slot.get_token()


def _pair(session: Any, certificate: str | None, key: str) -> tuple[Any, str]:
    """The private key and certificate that belong together, shown by a signature."""
    certificates = [certificate] if certificate else _certificates(session)
    if not certificates:
        raise KEY_ABSENT(problem="没有证书")
    usable = [pem for pem in certificates if suite_of_key(public_key_of(pem)).id == SUITE]
    if not usable:
        raise SM2_NOT_YET()
    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.KEY_TYPE: KeyType.EC}
    privates = list(session.get_objects({**wanted, **({Attribute.LABEL: key} if key else {})}))
    pairs = [(private, pem) for private in privates for pem in usable if _belong(private, pem)]
    if len(pairs) != 1:
        raise KEY_ABSENT(problem="没有一对" if not pairs else f"有 {len(pairs)} 对，请用 --key 指明")
    return pairs[0]


def _certificates(session: Any) -> list[str]:
    found = []
    for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        try:
            made = x509.load_der_x509_certificate(bytes(one[Attribute.VALUE]))
        except ValueError:
            continue  # another format, or a blank place a vendor's tool left
        found.append(made.public_bytes(serialization.Encoding.PEM).decode())
    return found


def _belong(private: Any, pem: str) -> bool:
    try:
        signature = lower_s(bytes(private.sign(hashlib.sha256(_PROBE).digest(), mechanism=Mechanism.ECDSA)))
    except PKCS11Error:
        return False  # a key of another curve, or one that may not sign
    public = public_key_of(pem)
    return suite_of_key(public).verify(public, signature, _PROBE)


def lower_s(raw: bytes) -> bytes:
    """Of the two s that verify, the lower (docs/formats/act-signature.md): tokens give either."""
    r, s = raw[:32], int.from_bytes(raw[32:], "big")
    return r + min(s, ORDER - s).to_bytes(32, "big")

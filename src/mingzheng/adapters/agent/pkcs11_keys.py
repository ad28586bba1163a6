"""Keys of a token that have no certificate yet: found or made there, to sign a request for one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.exceptions import PKCS11Error
from pkcs11.util.ec import encode_named_curve_parameters

from mingzheng.adapters.agent.pkcs11_signer import SUITE, lower_s, token_named
from mingzheng.adapters.agent.refusals import KEY_ABSENT, KEY_NOT_MADE, PIN_WRONG
from mingzheng.adapters.crypto.intl1 import public_der
from mingzheng.adapters.crypto.suite import suite

_CURVE = encode_named_curve_parameters("secp256r1")
_POINT = 65  # bytes of an uncompressed point, which tokens give bare or wrapped in an OCTET STRING
_PROBE = b"mingzheng key pair"


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A P-256 pair of an open session: its public half (SPKI DER), and its signatures."""

    public_key: bytes
    private: Any

    def sign(self, message: bytes) -> bytes:
        """Raw r || s over the message's SHA-256, with the lower s."""
        return lower_s(bytes(self.private.sign(hashlib.sha256(message).digest(), mechanism=Mechanism.ECDSA)))


@contextmanager
def key_of_token(module: str, token: str, pin: str, *, label: str = "", make: str = "") -> Iterator[TokenKey]:
    """The token's one P-256 key, the one of this `label`, or a fresh one labelled `make`.

    Refused `agent.module-absent`, `agent.token-absent`, `agent.wrong-pin`, `agent.no-key`, `agent.key-not-made`.
    """
    found = token_named(module, token)
    try:
        session = found.open(user_pin=pin, rw=bool(make))
    except PKCS11Error as failed:
        raise PIN_WRONG(problem=type(failed).__name__) from None
    try:
        yield _made(session, make) if make else _found(session, label)
    except PKCS11Error as failed:
        raise KEY_ABSENT(problem=type(failed).__name__) from None
    finally:
        session.close()


def _found(session: Any, label: str) -> TokenKey:
    named = {Attribute.LABEL: label} if label else {}
    wanted = {Attribute.KEY_TYPE: KeyType.EC, **named}
    publics = list(session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY, **wanted}))
    privates = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, **wanted}))
    pairs = [key for private in privates for public in publics if (key := _pair(private, public)) is not None]
    if len(pairs) != 1:
        raise KEY_ABSENT(problem="没有一对" if not pairs else f"有 {len(pairs)} 对，请用 --key 指明")
    return pairs[0]


def _pair(private: Any, public: Any) -> TokenKey | None:
    """The two as one key, when a signature shows that they belong together."""
    try:
        key = TokenKey(_spki(public), private)
        return key if suite(SUITE).verify(key.public_key, key.sign(_PROBE), _PROBE) else None
    except (PKCS11Error, ValueError):
        return None  # another curve, or a key that may not sign


def _made(session: Any, label: str) -> TokenKey:
    """A pair made inside the token for signatures and agreement, its private half sensitive and never given out."""
    if next(iter(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label})), None):
        raise KEY_NOT_MADE(problem=f"已有名为“{label}”的密钥")
    try:
        domain = session.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: _CURVE}, local=True)
        public, private = domain.generate_keypair(
            store=True, label=label, capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY | MechanismFlag.DERIVE,
            private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
        )  # fmt: skip
        return TokenKey(_spki(public), private)
    except PKCS11Error as failed:
        raise KEY_NOT_MADE(problem=type(failed).__name__) from None


def _spki(public: Any) -> bytes:
    """ValueError for a key of another curve."""
    if bytes(public[Attribute.EC_PARAMS]) != _CURVE:
        raise ValueError("not P-256")
    point = bytes(public[Attribute.EC_POINT])[-_POINT:]
    return public_der(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))

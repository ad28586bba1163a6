"""Signed acts: the canonical text a person signs before an act that binds, and its check (docs/formats/act-signature.md).

The text is canonical JSON (RFC 8785) of {"act", "fields", "nonce"}; files stand in `fields` as "sha256:<hex>"
or "sm3:<hex>". The
nonce is the act's idempotency key, so a signature is good for one act once.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from mingzheng.adapters.crypto.certificates import public_key_of
from mingzheng.adapters.crypto.refusals import ACT_UNREADABLE, SIGNATURE_WRONG
from mingzheng.adapters.crypto.suite import suite_of_key
from mingzheng.kernel import canonical

LOGIN_ACT = "parties.log_in"


def act_text(act: str, fields: Mapping[str, Any], nonce: str) -> str:
    """The text to be signed. ValueError for a field JSON cannot say exactly (money and rates travel as strings)."""
    return canonical.dumps({"act": act, "fields": dict(fields), "nonce": nonce})


def login_text(challenge: str, origin: str) -> str:
    """What is signed to log in: the server's one-time challenge, bound to the address the browser shows."""
    return act_text(LOGIN_ACT, {"origin": origin}, challenge)


def read_act(text: str) -> tuple[str, dict[str, Any], str]:
    """(act, fields, nonce) of a signed text. Refused `signature.unreadable` unless it is exactly canonical."""
    try:
        value = json.loads(text)
        if not isinstance(value, dict) or canonical.dumps(value) != text:
            raise ACT_UNREADABLE(problem="不是规范 JSON")
    except (ValueError, RecursionError):
        raise ACT_UNREADABLE(problem="不是规范 JSON") from None
    act, fields, nonce = value.get("act"), value.get("fields"), value.get("nonce")
    if set(value) != {"act", "fields", "nonce"} or not isinstance(fields, dict):
        raise ACT_UNREADABLE(problem="应有 act、fields、nonce 三项")
    if not (isinstance(act, str) and act and isinstance(nonce, str) and nonce):
        raise ACT_UNREADABLE(problem="act 和 nonce 应是非空文字")
    return act, fields, nonce


def sign_text(private: bytes, text: str) -> str:
    """Base64 of the signature over the UTF-8 text, for a private key in PKCS#8 DER."""
    algorithms = suite_of_key(private)
    return base64.b64encode(algorithms.sign(private, text.encode())).decode()


def verify_act(text: str, signature: str, certificate: str) -> None:
    """Refused unless `signature` (base64) is over exactly `text` under the key of `certificate` (PEM).

    Whether the certificate itself is trusted, in force and not revoked is `check_certificate`'s question.
    """
    read_act(text)
    verify_text(text, signature, certificate)


def verify_text(text: str, signature: str, certificate: str) -> None:
    """As `verify_act`, for any text. Refused `signature.wrong`, `certificate.unreadable`."""
    public = public_key_of(certificate)
    try:
        value = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        raise SIGNATURE_WRONG() from None
    if base64.b64encode(value).decode() != signature or not suite_of_key(public).verify(public, value, text.encode()):
        raise SIGNATURE_WRONG()

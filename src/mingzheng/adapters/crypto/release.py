"""A released content key on its way: wrapped for the opening's key, so that no act, log or ledger entry holds it bare."""

import base64
import binascii

from mingzheng.adapters.crypto.refusals import WRONG_KEY
from mingzheng.adapters.crypto.rescue import Unwrapper
from mingzheng.adapters.crypto.seal import Seal
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite
from mingzheng.adapters.crypto.unsealing import verify_content_key


def wrap_release(content_key: Secret, seal: Seal, opening: bytes) -> str:
    """Base64 of the content key wrapped for the opening's public key (SPKI DER); what the release act carries."""
    context = seal.label("release")
    return base64.b64encode(suite(seal.suite).wrap(opening, content_key.reveal(), context)).decode()


def open_release(opening: Unwrapper, seal: Seal, released: str) -> Secret:
    """The content key again, checked against the seal. Refused `seal.wrong-key`: it does not open this bid."""
    try:
        wrapped = base64.b64decode(released, validate=True)
    except (binascii.Error, ValueError):
        raise WRONG_KEY() from None
    content_key = opening.unwrap(wrapped, seal.label("release"))
    verify_content_key(seal, content_key)
    return content_key

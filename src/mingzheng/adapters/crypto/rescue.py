"""The rescue of a bid whose bidder cannot decrypt: escrow lifted, shares opened by their holders, key restored.

Three locks, in this order: the centre's escrow key (kept outside the database, used only after bidding closed), each
holder's own key, and the threshold. Every share is checked against the commitment the bidder signed.
"""

import base64
import json
from collections.abc import Mapping
from typing import Protocol

from mingzheng.adapters.crypto import shamir
from mingzheng.adapters.crypto.keyfile import PersonKey
from mingzheng.adapters.crypto.refusals import NO_RESCUE, SEAL_UNREADABLE, SHARE_WRONG, SHARES_FEW
from mingzheng.adapters.crypto.seal import Rescue, Seal, ShareHolder
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite
from mingzheng.adapters.crypto.terms import key_fingerprint
from mingzheng.adapters.crypto.unsealing import verify_content_key


class Unwrapper(Protocol):
    """Something that holds a private key and unwraps for it: a key file, a kept key, later a device."""

    def unwrap(self, wrapped: bytes, context: bytes) -> Secret: ...


def lift_escrow(escrow: Unwrapper, seal: Seal) -> dict[str, bytes]:
    """Holder -> the share still wrapped for that holder. Refused `seal.no-rescue`, `seal.wrong-key`."""
    rescue = _rescue(seal)
    inner = escrow.unwrap(rescue.escrowed, seal.label("wrap escrow")).reveal()
    try:
        found = {str(one["holder"]): base64.b64decode(one["wrapped"], validate=True) for one in json.loads(inner)}
    except (ValueError, KeyError, TypeError):
        raise SEAL_UNREADABLE(problem="应急解密的份额损坏") from None
    if set(found) != {one.holder for one in rescue.holders}:
        raise SEAL_UNREADABLE(problem="应急解密的份额与持有人不符")
    return found


def open_share(key: PersonKey, seal: Seal, holder: str, wrapped: bytes) -> Secret:
    """A holder's share, opened with its own key. Refused `seal.share-wrong`, `seal.wrong-key`."""
    expected = _holder(seal, holder)
    if key_fingerprint(key.public_key) != expected.key:
        raise SHARE_WRONG(holder=holder)
    share = key.unwrap(wrapped, seal.label(f"wrap holder {holder}"))
    check_share(seal, holder, share)
    return share


def check_share(seal: Seal, holder: str, share: Secret) -> None:
    """Refused `seal.share-wrong` unless this is the share the bidder committed to for this holder."""
    if shamir.commitment(seal.version, share, suite(seal.suite)) != _holder(seal, holder).commitment:
        raise SHARE_WRONG(holder=holder)


def rescue(seal: Seal, shares: Mapping[str, Secret]) -> Secret:
    """The content key from enough shares. Refused `seal.too-few-shares`, `seal.share-wrong`, `seal.wrong-key`."""
    quorum = _rescue(seal)
    for holder, share in shares.items():
        check_share(seal, holder, share)
    if len(shares) < quorum.threshold:
        raise SHARES_FEW(needed=quorum.threshold, actual=len(shares))
    try:
        content_key = shamir.combine(list(shares.values()))
    except ValueError:
        raise SHARE_WRONG(holder="/".join(shares)) from None
    verify_content_key(seal, content_key)
    return content_key


def _rescue(seal: Seal) -> Rescue:
    if seal.rescue is None:
        raise NO_RESCUE()
    return seal.rescue


def _holder(seal: Seal, holder: str) -> ShareHolder:
    for one in _rescue(seal).holders:
        if one.holder == holder:
            return one
    raise SHARE_WRONG(holder=holder)

"""What a page may ask to be signed or opened, read exactly and said in plain words for the terminal.

Only four things are: a login to this very address, an act, the seal of a bid made with this certificate, and the unwrapping
of a bid's content key. Everything shown comes out of the bytes that are signed, nothing from the page beside them.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from mingzheng.adapters.agent.refusals import NOT_SIGNABLE
from mingzheng.adapters.agent.words import said_of
from mingzheng.adapters.crypto import seal
from mingzheng.adapters.crypto.acts import LOGIN_ACT, read_act
from mingzheng.adapters.crypto.certificates import fingerprint
from mingzheng.kernel import canonical
from mingzheng.kernel.refusal import Refused

_ACT: Final = re.compile(r"[a-z]+\.[a-z_]+")
_WRAP: Final = re.compile(rb"mingzheng-bid-[12] wrap bidder\0(.{16})(.{16})", re.S)
_LONGEST: Final = 300  # signs of one value that are shown
_MOST: Final = 60  # fields that are shown


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to be signed: its lines for the person."""

    lines: list[str]


def to_sign(text: str, origin: str, certificate: str) -> Wanted:
    """What `text` would bind to. Refused `agent.not-signable` unless it is one of the three signed texts."""
    if text.startswith('{"bid":'):
        return _seal(text, certificate)
    try:
        act, fields, nonce = read_act(text)
    except Refused:
        raise NOT_SIGNABLE(problem="不是规范的业务文本") from None
    if not _ACT.fullmatch(act) or set(nonce) - set(map(chr, range(33, 127))):
        raise NOT_SIGNABLE(problem="不是规范的业务文本")
    if act == LOGIN_ACT:
        if fields != {"origin": origin}:
            raise NOT_SIGNABLE(problem="登录的不是启动时指明的平台")
        return Wanted([f"登录 / sign in: {origin}"])
    shown = [f"  {plain(name)} = {_value(value)}" for name, value in list(fields.items())[:_MOST]]
    more = [f"  … 还有 {len(fields) - _MOST} 项 / {len(fields) - _MOST} more"] if len(fields) > _MOST else []
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Wanted(
        [f"签署 / sign: {said_of(act)}（{act}）", f"  平台 / at {origin}", *shown, *more, f"  sha256 {digest}"]
    )


def to_unwrap(context: bytes, origin: str) -> Wanted:
    """Which bid a content key is for. Refused `agent.not-signable` for another context."""
    found = _WRAP.fullmatch(context)
    if found is None:
        raise NOT_SIGNABLE(problem="只能解开本人投标文件的密钥")
    lot, bid = (UUID(bytes=one) for one in found.groups())
    return Wanted(
        [
            f"解密本人的投标文件，把它的密钥交给页面 / decrypt your own bid: hand its key to the page of {origin}",
            f"  标段 / lot {lot}",
            f"  投标文件 / bid {bid}",
        ]
    )


def _seal(text: str, certificate: str) -> Wanted:
    try:
        found = seal.parse(text)
    except Refused:
        raise NOT_SIGNABLE(problem="不是规范的封签") from None
    if found.bidder != fingerprint(certificate):
        raise NOT_SIGNABLE(problem="封签不是用这张证书加密的")
    consent = "同意 / yes" if found.rescue else "不同意 / no"
    return Wanted(
        [
            "签署投标文件的封签 / sign the seal of a bid",
            f"  标段 / lot {found.lot}",
            f"  投标文件 / bid {found.bid}",
            f"  加密文件 / file {found.file_bytes:,} B, {found.file_digest}",
            f"  应急解密 / rescue: {consent}",
        ]
    )


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else canonical.dumps(value)
    shown = plain(text[:_LONGEST])
    return f"{shown}…（共 {len(text)} 字 / {len(text)} signs）" if len(text) > _LONGEST else shown


def plain(text: str) -> str:
    """Text that cannot steer a terminal or hide in it: controls and what has no shape are written out."""
    return "".join(sign if sign.isprintable() else json.dumps(sign).strip('"') for sign in text)

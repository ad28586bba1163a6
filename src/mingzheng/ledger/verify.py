#!/usr/bin/env python3
"""明证验证程序 / Mingzheng verifier: checks an archive folder, a whole ledger or a receipt. Standard library only.

    python3 -I verify.py [--trust KEYS] [--after CHECKPOINT] [--json] [FOLDER | RECEIPT]

KEYS is a text file of lines `log VKEY`, `receipts VKEY`, `cosigner VKEY` and `quorum N` (all cosigners if not given) that
you got from the supervisor or the cosigners themselves, not from the platform; a key that was replaced, or replaced
another, says so: `log VKEY from 7 to 90` counts for trees of 7 to 90 leaves. Without it the keys inside the folder are
used, and the verdict can only be "consistent, origin not proven". CHECKPOINT is any earlier checkpoint of the same log.
Exit status 0: consistent (and, with --trust, proven); 1: refused, with the place named.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

# Auditors read this file: one line a message, one blank line between parts.
# fmt: off
SAYS = {
    "json": ("不是合格的 JSON", "not well-formed JSON"),
    "canonical": ("不是规范写法（重新生成后字节不同）", "not canonical: rendering it again gives other bytes"),
    "shape": ("内容项不符合格式：{what}", "not the fields of this format: {what}"),
    "utf8": ("不是 UTF-8 文字", "not UTF-8 text"),
    "missing": ("文件缺失", "the file is missing"),
    "unlisted": ("清单中没有这个文件", "the manifest does not list this file"),
    "not-a-file": ("不是普通文件（链接或设备）", "not a plain file (a link or a device)"),
    "unreadable": ("无法读取：{what}", "cannot be read: {what}"),
    "path": ("清单中的路径不允许：{what}", "a path the manifest may not have: {what}"),
    "size": ("文件大小与清单不同", "the size differs from the manifest"),
    "digest": ("文件内容与清单不同", "the content differs from the manifest"),
    "manifest": ("不是签名所指的那一份清单", "not the manifest that was signed"),
    "self": ("正在运行的验证程序不是清单中的那一份", "the verifier that runs is not the one the manifest lists"),
    "note": ("不是规范的签名文本", "not a canonical signed note"),
    "base64": ("不是规范的 base64", "not canonical base64"),
    "unsigned": ("没有所信任密钥的签名：{what}", "no signature by a trusted key: {what}"),
    "signature": ("签名不成立：{what}", "the signature does not hold: {what}"),
    "certificate": ("档案中没有可验证该签名的证书：{what}", "no certificate here to check this signature: {what}"),
    "retired": ("签名所用的密钥当时无效（已更换）：{what}", "signed by a key that was not valid then (it was replaced): {what}"),
    "algorithm": ("算法与这本账不同：{what}", "another algorithm than this log's: {what}"),
    "rotation": ("更换密钥的声明不成立：{what}", "the statement of the new key does not hold: {what}"),
    "quorum": ("共签不足：要求 {need} 个，有效 {have} 个", "too few cosigners: {need} needed, {have} valid"),
    "origin": ("属于另一本账：{what}", "belongs to another log: {what}"),
    "chain": ("与前一条记录接不上（被改、删、插或换位）", "does not follow the entry before it (changed, deleted, inserted or moved)"),
    "number": ("记录编号应为 {want}，实为 {got}", "entry number should be {want} and is {got}"),
    "stream": ("记录不属于这条流", "the entry belongs to another stream"),
    "commitment": ("公开的内容与当时封存的不同", "the opened content is not what was sealed"),
    "cell": ("不在所称的格中", "not in the cell it claims"),
    "inclusion": ("不在检查点所签的树中", "not in the tree the checkpoint signs"),
    "leaves": ("叶子与检查点的根不符", "the leaves do not give the checkpoint's root"),
    "position": ("位置 {what} 被两条记录占用，或与叶子不符", "position {what} is taken twice or is not this leaf"),
    "uncovered": ("第 {what} 个叶子没有对应的记录（账本不全）", "leaf {what} has no entry: the ledger is not whole"),
    "no-closing": ("没有以归档记录结束（账本被截断）", "does not end with its closing entry: the ledger was cut off"),
    "closing": ("与归档记录所列的长度或末尾不符（账本被截断）", "length or head differ from the closing entry: the ledger was cut off"),
    "closing-files": ("与归档记录所列的文件不符：{what}", "not the documents the closing entry lists: {what}"),
    "promise": ("承诺与记录不符", "the promise is not about an entry here"),
    "older": ("比已知检查点旧：只有 {have} 个叶子，已知 {known} 个", "older than the known checkpoint: {have} leaves, {known} known"),
    "forked": ("与已知检查点矛盾（两本历史）", "contradicts the known checkpoint: two histories"),
    "no-proof": ("没有与该检查点的一致性证明", "holds no consistency proof for that checkpoint"),
    "keys": ("密钥文件不合格：{what}", "not a proper key file: {what}"),
    "empty": ("这里没有可验证的内容", "nothing to verify here"),
}
ARCHIVE, LEDGER, RECEIPT = "mingzheng-archive-1", "mingzheng-ledger-1", "mingzheng-receipt-1"
PROMISE, MANIFEST, KEYS = "mingzheng-promise-1", "mingzheng-manifest-1", "mingzheng-keys-1"
ROTATION, CLOSING, ROTATED = "mingzheng-rotation-1", "archiving.file-closed", "ledger.key-rotated"
MOST_FINDINGS = 50
Point = tuple[int, ...]

class Wrong(Exception):
    """Something does not hold: a key of SAYS with its facts; who catches it knows the place."""
    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

def forbid(when: object, code: str, **facts: Any) -> None:
    if when:
        raise Wrong(code, **facts)

class Report:
    """What was found wrong and where, and how much was checked."""
    def __init__(self) -> None:
        self.findings, self.cosigners = list[dict[str, Any]](), list[str]()
        self.proven, self.origin, self.size, self.entries, self.streams = False, "", 0, 0, 0
        self.signatures = self.unchecked = 0

    def add(self, wrong: Wrong, file: str, stream: str = "", entry: int = 0) -> None:
        zh, en = (clean(says.format(**wrong.facts)) for says in SAYS[wrong.code])
        place = {"entry": entry, "file": clean(file), "stream": clean(stream)}
        self.findings.append({"code": wrong.code, "en": en, "zh": zh, **place})

def clean(text: str) -> str:
    """What files say is shown without control characters, or a hostile one could print its own verdict."""
    return "".join(c if c.isprintable() else "?" for c in text[:300])

# ---- JSON: one meaning, one spelling (RFC 8785; integers only) -------------------------------------------------------
def parse(text: str) -> Any:
    """The value of a canonical JSON text."""
    def integer(digits: str) -> int:
        return int(digits) if len(digits) < 18 and abs(int(digits)) < 1 << 53 else refuse(digits)
    def refuse(_: str) -> NoReturn:
        raise Wrong("json")
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(items) if len(dict(items)) == len(items) else refuse("twice")
    try:
        value = json.loads(text, parse_int=integer, parse_float=refuse, parse_constant=refuse, object_pairs_hook=pairs)
        again = json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        raise Wrong("json") from None
    forbid(again != text, "canonical")
    return value

def ordered(value: Any) -> Any:
    """Objects with their keys in UTF-16 order."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: ordered(value[key]) for key in keys}
    return [ordered(item) for item in value] if isinstance(value, list) else value

TYPES: dict[str, Any] = {"a": list, "i": int, "o": dict, "s": str, "?": (dict, type(None))}

def fields(value: Any, what: str, shape: str) -> list[Any]:
    """The values of an object with exactly these fields: "name:type", a array, i integer, o object, s text, ? or null."""
    wanted = dict(item.split(":") for item in shape.split())
    forbid(not isinstance(value, dict) or set(value) != set(wanted), "shape", what=what)
    for name, kind in wanted.items():
        good = isinstance(value[name], TYPES[kind]) and not isinstance(value[name], bool)
        forbid(not good, "shape", what=what + "." + name)
    return [value[name] for name in wanted]

def hashes(value: list[Any]) -> list[bytes]:
    """A list of at most 64 hashes in lower-case hex."""
    good = all(isinstance(item, str) and re.fullmatch("[0-9a-f]{64}", item) for item in value)
    forbid(len(value) > 64 or not good, "shape", what="hashes")
    return [bytes.fromhex(item) for item in value]

# ---- digests: each says its algorithm; a log has one. SM3 (GB/T 32905) stands here for a Python that has none --------
def turn(x: int, n: int) -> int:
    return (x << n | x >> 32 - n) & 0xFFFFFFFF
def words(content: bytes) -> list[int]:
    return [int.from_bytes(content[at : at + 4], "big") for at in range(0, len(content), 4)]

class Sm3:
    """SM3 with the methods of hashlib's objects: right, but slow."""
    ROUND = [turn(0x79CC4519 if i < 16 else 0x7A879D8A, i % 32) for i in range(64)]

    def __init__(self, content: bytes = b"") -> None:
        start = bytes.fromhex("7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e")
        self.state, self.rest, self.length = words(start), b"", 0
        self.update(content)

    def update(self, content: bytes) -> None:
        self.length, content = self.length + len(content), self.rest + content
        for at in range(0, len(content) - 63, 64):
            self.state = self.block(self.state, words(content[at : at + 64]))
        self.rest = content[len(content) & ~63 :]

    def digest(self) -> bytes:
        last = self.rest + b"\x80" + bytes((55 - self.length) % 64) + (8 * self.length).to_bytes(8, "big")
        state = self.state
        for at in range(0, len(last), 64):
            state = self.block(state, words(last[at : at + 64]))
        return b"".join(word.to_bytes(4, "big") for word in state)

    def block(self, state: list[int], w: list[int]) -> list[int]:
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)
            w.append(x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j, constant in enumerate(self.ROUND):
            first = turn(a, 12)
            one = turn((first + e + constant) & 0xFFFFFFFF, 7)
            ff, gg = (a ^ b ^ c, e ^ f ^ g) if j < 16 else (a & b | a & c | b & c, e & f | ~e & g)
            x = (gg + h + one + w[j]) & 0xFFFFFFFF
            a, b, c, d = (ff + d + (one ^ first) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF, a, turn(b, 9), c
            e, f, g, h = x ^ turn(x, 9) ^ turn(x, 17), e, turn(f, 19), g
        return [one ^ two for one, two in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905 - Python 3.9 has no strict

def native_sm3() -> Callable[..., Any]:
    try:
        hashlib.new("sm3")
    except ValueError:
        return Sm3
    return lambda content=b"": hashlib.new("sm3", content)

DIGESTS: dict[str, Callable[..., Any]] = {"sha256": hashlib.sha256, "sm3": native_sm3()}

def digest(name: str, content: bytes) -> bytes:
    return bytes(DIGESTS[name](content).digest())
def named(name: str, found: bytes) -> str:
    return name + ":" + found.hex()

def algorithm(text: Any) -> str:
    """The algorithm that a written digest (`sha256:` or `sm3:` and 64 digits) names."""
    name, _, digits = str(text).partition(":")
    forbid(name not in DIGESTS or not re.fullmatch("[0-9a-f]{64}", digits), "shape", what="digest")
    return name

# ---- signatures: Ed25519 (RFC 8032), ECDSA P-256 (FIPS 186), SM2 (GB/T 32918) ----------------------------------------
class Curve:
    """Points as tuples; `add` differs. Multiplication by a table of 64 rows, made once a key."""
    p = order = 0
    zero: Point = ()
    base: Point = ()

    def __init__(self) -> None:
        self.tables: dict[Point, list[list[Point]]] = {}

    add: Callable[..., Point]

    def multiply(self, point: Point, factor: int) -> Point:
        if point not in self.tables:
            rows, step = [], point
            for _ in range(64):
                row = [self.zero, step]
                while len(row) < 16:
                    row.append(self.add(row[-1], step))
                rows.append(row)
                step = self.add(row[-1], step)
            self.tables[point] = rows
        result = self.zero
        for row in self.tables[point]:
            if factor & 15:
                result = self.add(result, row[factor & 15])
            factor >>= 4
        return result

class Ed25519(Curve):
    """Extended coordinates (X, Y, Z, T) on -x^2 + y^2 = 1 + d x^2 y^2."""
    p = 2**255 - 19
    order = 2**252 + 27742317777372353535851937790883648493
    zero = (0, 1, 1, 0)
    d = -121665 * pow(121666, 2**255 - 21, 2**255 - 19) % (2**255 - 19)

    def __init__(self) -> None:
        super().__init__()
        self.base = self.decode((4 * pow(5, self.p - 2, self.p) % self.p).to_bytes(32, "little")) or self.zero

    def add(self, a: Point, b: Point) -> Point:
        p = self.p
        e, f = (a[1] - a[0]) * (b[1] - b[0]) % p, (a[1] + a[0]) * (b[1] + b[0]) % p
        c, g = 2 * a[3] * b[3] * self.d % p, 2 * a[2] * b[2] % p
        h, i, j, k = f - e, g - c, g + c, f + e
        return (h * i % p, j * k % p, i * j % p, h * k % p)

    def decode(self, raw: bytes) -> Point | None:
        p, number = self.p, int.from_bytes(raw, "little")
        y, sign = number & ((1 << 255) - 1), number >> 255
        if len(raw) != 32 or y >= p:
            return None
        square = (y * y - 1) * pow(self.d * y * y + 1, p - 2, p) % p
        x = pow(square, (p + 3) // 8, p)
        if (x * x - square) % p:
            x = x * pow(2, (p - 1) // 4, p) % p
        if (x * x - square) % p or (x == 0 and sign):
            return None
        x = p - x if x & 1 != sign else x
        return (x, y, 1, x * y % p)

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        point, s = self.decode(public), int.from_bytes(signature[32:], "little")
        if point is None or len(signature) != 64 or s >= self.order:
            return False
        k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % self.order
        x, y, z, _ = self.add(self.multiply(self.base, s), self.multiply(point, self.order - k))
        inverse = pow(z, self.p - 2, self.p)
        x, y = x * inverse % self.p, y * inverse % self.p
        return signature[:32] == (y | (x & 1) << 255).to_bytes(32, "little")

class Weierstrass(Curve):
    """Jacobian coordinates (X, Y, Z) on y^2 = x^3 - 3 x + b; Z = 0 is the point at infinity."""
    b = 0
    zero = (1, 1, 0)

    def add(self, a: Point, b: Point) -> Point:
        p = self.p
        if not a[2] or not b[2]:
            return a if a[2] else b
        za, zb = a[2] * a[2] % p, b[2] * b[2] % p
        xa, ya = a[0] * zb % p, a[1] * zb * b[2] % p
        h, r = (b[0] * za - xa) % p, (b[1] * za * a[2] - ya) % p
        if h == 0:
            return self.zero if r else self.double(a)
        hh = h * h % p
        hhh, v = h * hh % p, xa * hh % p
        x = (r * r - hhh - 2 * v) % p
        return (x, (r * (v - x) - ya * hhh) % p, a[2] * b[2] * h % p)

    def double(self, a: Point) -> Point:
        p = self.p
        delta, gamma = a[2] * a[2] % p, a[1] * a[1] % p
        beta, alpha = a[0] * gamma % p, 3 * (a[0] - delta) * (a[0] + delta) % p
        x = (alpha * alpha - 8 * beta) % p
        return (x, (alpha * (4 * beta - x) - 8 * gamma * gamma) % p, 2 * a[1] * a[2] % p)

    def verify(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """`public` is 04 || x || y, `signature` r || s, each number 32 bytes."""
        x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        if len(public) != 65 or public[0] != 4 or max(x, y) >= self.p or (y * y - x * x * x + 3 * x - self.b) % self.p:
            return False
        if len(signature) != 64 or not (0 < r < self.order and 0 < s < self.order):
            return False
        e, base, factor = self.factors(public, message, r, s)
        point = self.add(self.multiply(self.base, base), self.multiply((x, y, 1), factor))
        at = point[0] * pow(point[2], self.p - 3, self.p)  # X / Z^2, since Z^(p-1) = 1
        return point[2] != 0 and factor != 0 and (e + at % self.p) % self.order == r

    #: Of (public, message, r, s): what is added to the x of the sum, how often base and key go into the sum.
    factors: Callable[..., tuple[int, int, int]]

class P256(Weierstrass):
    p = 2**256 - 2**224 + 2**192 + 2**96 - 1
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    base = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
            0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5, 1)

    def factors(self, public: bytes, message: bytes, r: int, s: int) -> tuple[int, int, int]:
        inverse, e = pow(s, self.order - 2, self.order), int.from_bytes(hashlib.sha256(message).digest(), "big")
        return 0, e * inverse % self.order, r * inverse % self.order

class SM2(Weierstrass):
    """With the standard's own identity 1234567812345678."""
    p = 2**256 - 2**224 - 2**96 + 2**64 - 1
    order = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
    b = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
    base = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
            0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0, 1)

    def factors(self, public: bytes, message: bytes, r: int, s: int) -> tuple[int, int, int]:
        curve = b"".join(number.to_bytes(32, "big") for number in (self.p - 3, self.b, *self.base[:2]))
        who = digest("sm3", b"\x00\x801234567812345678" + curve + public[1:])
        return int.from_bytes(digest("sm3", who + message), "big"), s, (r + s) % self.order

ED25519, P_256, SM_2 = Ed25519(), P256(), SM2()
SPKI_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
SPKI_SM2 = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")

def verify_sm2_der(public: bytes, message: bytes, signature: bytes) -> bool:
    """SM2 signatures of acts are DER, SEQUENCE {r, s}, in its one encoding."""
    numbers = [int.from_bytes(number, "big") for _, number, _ in elements(signature[2:])]
    again = b"".join(bytes([2, n.bit_length() // 8 + 1]) + n.to_bytes(n.bit_length() // 8 + 1, "big") for n in numbers)
    if len(numbers) != 2 or max(numbers) >> 256 or signature != bytes([0x30, len(again)]) + again:
        return False
    return SM_2.verify(public, message, b"".join(number.to_bytes(32, "big") for number in numbers))

ALGORITHMS: dict[str, tuple[bytes, Callable[[bytes, bytes, bytes], bool]]] = {
    "ecdsa-p256-sha256": (SPKI_P256, P_256.verify), "sm2-sm3": (SPKI_SM2, verify_sm2_der)}

def elements(der: bytes) -> list[tuple[int, bytes, bytes]]:
    """The DER elements that stand one after another: tag, content, the whole. Empty where it is no DER."""
    found, at = [], 0
    while at < len(der):
        start, length = at + 2, int.from_bytes(der[at + 1 : at + 2], "big")
        if length > 127:
            start, length = start + length - 128, int.from_bytes(der[start : start + length - 128], "big")
        if start + length > len(der) or start - at > 6:
            return []
        found.append((der[at], der[start : start + length], der[at : start + length]))
        at = start + length
    return found

def public_key(der: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a certificate (RFC 5280 4.1), or the one that stands alone; empty where there is none."""
    parts = elements(elements(der)[0][1]) if elements(der) else []
    if len(parts) == 3:
        body = elements(parts[0][1])
        return body[5 + (body[0][0] == 0xA0)][2] if len(body) > 6 else b""
    return der if len(parts) == 2 else b""

# ---- signed notes and checkpoints (C2SP) -----------------------------------------------------------------------------
Line = tuple[str, bytes, bytes]
KINDS: dict[bytes, tuple[Any, int, bool]] = {  # type of a key: its algorithm, length of the key, whether a cosigner's
    b"\x01": (ED25519, 32, False), b"\x04": (ED25519, 32, True),
    b"\xffsm2-sm3": (SM_2, 65, False), b"\xffsm2-sm3-cosignature": (SM_2, 65, True)}

class Key(NamedTuple):
    """A public key; it counts for trees of `first` to `last` leaves."""
    kind: bytes
    public: bytes
    first: int = 0
    last: int = 1 << 62

    @property
    def digest(self) -> str:
        return "sm3" if KINDS[self.kind][0] is SM_2 else "sha256"

Keys = dict[tuple[str, bytes], Key]

def unbase64(text: str) -> bytes:
    """The bytes of a base64 text that has exactly one spelling."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Wrong("base64") from None
    forbid(base64.b64encode(raw).decode() != text, "base64")
    return raw

def parse_note(whole: str) -> tuple[str, list[Line]]:
    """Text and signature lines of a note that has exactly one spelling."""
    text, _, below = whole.rpartition("\n\n")
    lines: list[Line] = []
    for line in below[:-1].split("\n"):
        parts = line.split(" ")
        forbid(len(parts) != 3 or parts[0] != "\u2014" or not parts[1] or "+" in parts[1], "note")
        raw = unbase64(parts[2])
        lines.append((parts[1], raw[:4], raw[4:]))
    forbid(below[-1:] != "\n" or len(lines) > 32 or any(c < " " and c != "\n" for c in whole), "note")
    return text + "\n", lines

def parse_vkey(text: str) -> tuple[tuple[str, bytes], Key]:
    """(name, key id), key."""
    name, _, rest = text.partition("+")
    raw = unbase64(rest.partition("+")[2])
    found = [kind for kind, (_, size, _) in KINDS.items() if raw.startswith(kind) and len(raw) == len(kind) + size]
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    forbid(not found or rest.partition("+")[0] != key_id.hex() or not name, "keys", what=text[:80])
    return (name, key_id), Key(found[0], raw[len(found[0]) :])

def signers(text: str, lines: Sequence[Line], keys: Keys, size: int = -1, begun: bool = True) -> list[str]:
    """Names of the known keys that signed; a wrong signature under a known key is refused, an unknown key ignored.
    With `size` only keys that counted for a tree of so many leaves; unless `begun` also those that came later."""
    names = []
    for name, key_id, signature in lines:
        if (name, key_id) not in keys:
            continue
        key = keys[name, key_id]
        (curve, _, cosigns), message = KINDS[key.kind], text.encode()
        if cosigns:
            message = b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[:8], "big") + message
            signature = signature[8:]
        forbid(not curve.verify(key.public, message, signature), "signature", what=name)
        if size < 0 or (size <= key.last and (key.first <= size or not begun)):
            names.append(name)
    return sorted(set(names))

def signed(what: str, text: str, lines: Sequence[Line], keys: Keys, size: int, begun: bool = True) -> None:
    """Refuse what no key signed that counted then."""
    if not signers(text, lines, keys, size, begun):
        raise Wrong("retired" if signers(text, lines, keys) else "unsigned", what=what)

def check_rotation(body: Any) -> None:
    """A new key is stated by the key it replaces, and by itself."""
    role, old, new, statement = (str(body.get(name)) for name in ("role", "old", "new", "statement"))
    text, lines = parse_note(statement)
    forbid(text != "\n".join((ROTATION, role, old, new, "")), "rotation", what=role)
    for vkey in (old, new):
        forbid(not signers(text, lines, dict([parse_vkey(vkey)])), "rotation", what=vkey[:80])

class Trust:
    """Keys by role. `brought` says whether the checking person brought them or they lay in the folder."""
    def __init__(self, brought: bool) -> None:
        self.brought = brought
        self.log, self.receipts, self.cosigner, self.quorum = Keys(), Keys(), Keys(), 0

    def learn(self, role: str, text: str) -> None:
        if role == "quorum" and re.fullmatch("[1-9][0-9]{0,3}", text):
            self.quorum = int(text)
            return
        written = re.fullmatch(r"(\S+)(?: from (\d{1,16}))?(?: to (\d{1,16}))?", text, re.ASCII)
        if role not in ("log", "receipts", "cosigner") or not written:
            raise Wrong("keys", what=(role + " " + text)[:80])
        name, key = parse_vkey(written[1])
        forbid(KINDS[key.kind][2] != (role == "cosigner"), "keys", what=text[:80])
        first, last = int(written[2] or 0), int(written[3] or 1 << 62)
        getattr(self, role)[name] = key._replace(first=first, last=last)

    def checkpoint(self, note: str, need: int = 0, name: str = "") -> tuple[str, int, bytes, list[str]]:
        """Origin, size, root and cosigners of a genuine checkpoint. Where no log key is known, only its form counts.
        `name` is the digest the log should have by what else was read."""
        text, lines = parse_note(note)
        origin, size, root = [*text.split("\n"), "", ""][:3]
        spelt = text == "\n".join((origin, size, root, "")) and re.fullmatch("0|[1-9][0-9]{0,15}", size)
        forbid(not spelt or len(root) != 44, "note")
        if self.log or self.brought:
            signed(origin, text, lines, self.log_keys(origin), int(size))
        forbid(name and any(key.digest != name for key in self.log_keys(origin).values()), "algorithm", what=name)
        cosigned = signers(text, lines, self.cosigner, int(size))
        forbid(len(cosigned) < need, "quorum", need=need, have=len(cosigned))
        return origin, int(size), unbase64(root), cosigned

    def log_keys(self, origin: str) -> Keys:
        return {name: key for name, key in self.log.items() if name[0] == origin}

def read_trust(path: Path) -> Trust:
    """The key file a checking person brought."""
    trust = Trust(True)
    for line in read_text(path).splitlines():
        role, _, text = line.strip().partition(" ")
        if role and not role.startswith("#"):
            trust.learn(role, text.strip())
    trust.quorum = trust.quorum or len({name for name, _ in trust.cosigner})
    forbid(not trust.log, "keys", what="log")
    return trust

# ---- Merkle tree (RFC 9162) ------------------------------------------------------------------------------------------
def leaf(name: str, text: str) -> bytes:
    return digest(name, b"\x00" + text.encode())
def node(name: str, left: bytes, right: bytes) -> bytes:
    return digest(name, b"\x01" + left + right)

def root_of(name: str, leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes: a peak for each 1 of the count, folded from the right."""
    if not leaves:
        return digest(name, b"")
    peaks: list[bytes] = []
    for index, top in enumerate(leaves):
        while index & 1:
            top, index = node(name, peaks.pop(), top), index >> 1
        peaks.append(top)
    top = peaks.pop()
    while peaks:
        top = node(name, peaks.pop(), top)
    return top

def climb(name: str, index: int, last: int, path: Sequence[bytes], tops: list[bytes]) -> list[bytes]:
    """Fold a proof into the hashes below it; only the last of them takes siblings from the right. Empty: wrong length."""
    for sibling in path:
        if last == 0:
            return []
        if index & 1 or index == last:
            tops = [node(name, sibling, top) for top in tops]
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            tops = [*tops[:-1], node(name, tops[-1], sibling)]
        index, last = index >> 1, last >> 1
    return tops if last == 0 else []

def included(name: str, found: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    return 0 <= index < size and climb(name, index, size - 1, proof, [found]) == [root]

def consistent(name: str, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    if old in (0, new):
        return not proof and old_root == (new_root if old else digest(name, b""))
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    return bool(path) and old < new and climb(name, index, last, path[1:], path[:1] * 2) == [old_root, new_root]

# ---- entries ---------------------------------------------------------------------------------------------------------
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+08:00")
INNER = "actor:o body:o kind:s signature:?"
PUBLIC = INNER + " at:s number:i previous:s stream:s"
SEALED = "at:s number:i previous:s sealed:s stream:s"

class Entry:
    """One entry: its outer fields, its content where public or opened, its digest."""
    def __init__(self, written: Any) -> None:
        opened = isinstance(written, dict) and "inner" in written
        fields(written, "entry", "inner:s salt:s text:s" if opened else "text:s")
        self.outer = parse(written["text"])
        self.sealed = isinstance(self.outer, dict) and "sealed" in self.outer
        fields(self.outer, "entry.text", SEALED if self.sealed else PUBLIC)
        self.algorithm = algorithm(self.outer["previous"])
        self.digest = leaf(self.algorithm, written["text"])
        self.content = None if self.sealed else self.outer
        forbid(self.sealed != self.outer["stream"].startswith("sealed:"), "shape", what="entry.text.stream")
        forbid(opened and not self.sealed, "shape", what="entry.inner")
        forbid(not TIME.fullmatch(self.outer["at"]), "shape", what="entry.text.at")
        if opened:
            forbid(not re.fullmatch("[0-9a-f]{64}", written["salt"]), "shape", what="salt")
            sealed = digest(self.algorithm, b"\x02" + bytes.fromhex(written["salt"]) + written["inner"].encode())
            forbid(self.outer["sealed"] != named(self.algorithm, sealed), "commitment")
            self.content = parse(written["inner"])
            fields(self.content, "entry.inner", INNER)

    def check_place(self, position: int, proof: Any, cell: Any, size: int, root: bytes) -> bytes:
        """The leaf this entry stands for, if it is in the tree: itself, or its cell."""
        name, found = self.algorithm, self.digest
        forbid(self.sealed != (cell is not None), "cell")
        if cell is not None:
            path, slot, text = fields(cell, "cell", "path:a slot:i text:s")
            top, depth, _ = fields(parse(text), "cell.text", "cell:s depth:i tick:i")
            for level, sibling in enumerate(hashes(path)):
                found = node(name, sibling, found) if slot >> level & 1 else node(name, found, sibling)
            forbid(not 0 <= slot < 1 << 16 or depth != 16 or len(path) != 16 or top != named(name, found), "cell")
            found = leaf(name, text)
        forbid(not included(name, found, position, size, hashes(proof), root), "inclusion")
        return found

# ---- folders ---------------------------------------------------------------------------------------------------------
def read_text(path: Path) -> str:
    """The whole of a UTF-8 file."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeError:
        raise Wrong("utf8") from None
    except (OSError, MemoryError) as error:
        raise Wrong("unreadable", what=type(error).__name__) from None

def hash_file(path: Path, name: str) -> tuple[int, str]:
    """Size and digest of a file of any size."""
    size, running = 0, DIGESTS[name]()
    try:
        with path.open("rb") as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                size += len(piece)
                running.update(piece)
    except OSError as error:
        raise Wrong("unreadable", what=type(error).__name__) from None
    return size, named(name, running.digest())

def stream_file(stream: str) -> str:
    return "ledger/streams/" + stream.replace(":", "-") + ".jsonl"

class Folder:
    """The check of an archive or a whole ledger. Every part adds its findings and the next part still runs."""
    def __init__(self, top: Path, trust: Trust | None, after: str | None, report: Report) -> None:
        self.top, self.after, self.report, self.trust = top, after, report, trust or Trust(False)
        self.files, self.digests = set(self.walk("")), dict[str, str]()
        self.kind, self.size, self.root, self.leaves = "", 0, b"", list[bytes]()
        self.algorithm = "sha256"  # of the whole log, as the manifest says and the log's key confirms
        self.certificates, self.acts = dict[str, bytes](), dict[tuple[str, str, str], bool]()
        self.heads, self.last = dict[str, Any](), dict[str, Entry]()
        self.taken, self.known = dict[int, bytes](), dict[str, int]()

    def walk(self, inside: str) -> list[str]:
        """Every plain file below, as a/b/c; anything else in the folder is a finding."""
        found: list[str] = []
        for path in sorted((self.top / inside).iterdir()):
            relative, mode = (inside + "/" + path.name).lstrip("/"), path.lstat().st_mode
            if stat.S_ISDIR(mode) and relative.count("/") < 20:
                found += self.walk(relative)
            elif stat.S_ISREG(mode):
                found.append(relative)
            else:
                self.report.add(Wrong("not-a-file"), relative)
        return found

    def part(self, file: str, check: Callable[[str], Any]) -> Any:
        """Run one part on one file; what it finds wrong is noted under that file."""
        try:
            return check(file)
        except Wrong as wrong:
            return self.report.add(wrong, file)

    def text(self, file: str) -> str:
        forbid(file not in self.files, "missing")
        return read_text(self.top / file)

    def check(self) -> None:
        self.kind, main = self.part("manifest.json", self.manifest) or ("", "")
        self.part("keys.json", self.keys)
        self.part("ledger/checkpoint.txt", self.checkpoint)
        self.part("manifest.sig", self.manifest_signature)
        if self.root:
            self.part("ledger/leaves.bin", self.read_leaves)
            self.part("ledger/anchors.jsonl", self.anchors)
            self.part("ledger/cells.jsonl", self.cells)
        for file in sorted(self.files):
            if file.startswith("ledger/streams/"):
                self.part(file, self.stream)
        self.part("ledger/promises.jsonl", self.promises)
        if self.kind == ARCHIVE and not self.report.findings:
            self.part(stream_file(main), lambda _: self.closing(main))
        elif self.kind == LEDGER and self.leaves:
            self.part("ledger/leaves.bin", self.covered)
        self.part("verify.py", self.itself)

    def manifest(self, file: str) -> tuple[str, str]:
        """Kind of the folder and its main stream; every listed file is there with its size and digest, and no other."""
        content = parse(self.text(file))
        files, kind, log, stream = fields(content, "manifest", "files:a format:s log:s stream:s")
        self.report.origin = log
        listed: list[str] = []
        for item in files:
            found, path, size = fields(item, "files", "digest:s path:s size:i")
            parts = path.split("/")
            hostile = not set(parts).isdisjoint({"", ".", ".."}) or re.search(r"[\x00-\x1f\\]", path)
            forbid(hostile, "path", what=path[:80])
            self.algorithm = self.algorithm if listed else algorithm(found)
            forbid(algorithm(found) != self.algorithm, "algorithm", what=path[:80])
            listed.append(path)
            self.digests[path] = found
            self.part(path, lambda name, want=(size, found): self.listed(name, want))  # type: ignore[misc]
        if kind not in (ARCHIVE, LEDGER) or bool(stream) != (kind == ARCHIVE) or listed != sorted(set(listed)):
            raise Wrong("shape", what="manifest")
        for path in sorted(self.files - set(listed) - {"manifest.json", "manifest.sig"}):
            self.report.add(Wrong("unlisted"), path)
        needed = {"README.txt", "keys.json", "ledger/checkpoint.txt", "verify.py"}
        for path in sorted((needed | {"ledger/leaves.bin"} if kind == LEDGER else needed) - set(listed)):
            self.report.add(Wrong("missing"), path)
        return kind, stream

    def listed(self, name: str, want: tuple[int, str]) -> None:
        forbid(name not in self.files, "missing")
        size, found = hash_file(self.top / name, self.algorithm)
        forbid(size != want[0], "size")
        forbid(found != want[1], "digest")

    def keys(self, file: str) -> None:
        """The keys in the folder: used for signatures of acts always, for the log's own only if nobody brought better."""
        shape = "certificates:o cosigners:a format:s log:a receipts:a"
        certificates, cosigners, form, log, receipts = fields(parse(self.text(file)), "keys", shape)
        for name, text in certificates.items():
            der = unbase64(str(text))
            prefix = name.partition(":")[0]
            forbid(prefix in DIGESTS and name != named(prefix, digest(prefix, der)), "keys", what=name)
            self.certificates[name] = public_key(der)
        embedded = Trust(False)
        vkeys = [fields(item, "cosigner", "name:s role:s vkey:s")[2] for item in cosigners]
        for role, texts in (("log", log), ("receipts", receipts), ("cosigner", vkeys)):
            for text in texts:
                embedded.learn(role, str(text))
        forbid(form != KEYS or not embedded.log, "keys", what=file)
        self.trust = self.trust if self.trust.brought else embedded
        self.trust.receipts = self.trust.receipts or embedded.receipts

    def manifest_signature(self, file: str) -> None:
        text, lines = parse_note(self.text(file))
        form, origin = [*text.split("\n"), ""][:2]
        forbid((form, origin) != (MANIFEST, self.report.origin), "origin", what=origin)
        signed(origin, text, lines, self.trust.log_keys(origin), self.size, begun=False)
        if text != "\n".join((form, origin, hash_file(self.top / "manifest.json", self.algorithm)[1], "")):
            self.report.add(Wrong("manifest"), "manifest.json")

    def checkpoint(self, file: str) -> None:
        """The tree head everything here is proven against; an older one, or one of a second history, is refused."""
        found = self.trust.checkpoint(self.text(file), self.trust.quorum, self.algorithm)
        origin, self.report.size, root, self.report.cosigners = found
        forbid(origin != self.report.origin, "origin", what=origin)
        self.size, self.root = self.report.size, root
        if self.after is not None:
            origin, size, root, _ = self.trust.checkpoint(self.after)
            forbid(origin != self.report.origin, "origin", what=origin)
            forbid(size > self.size, "older", have=self.size, known=size)
            forbid(size == self.size and root != self.root, "forked")

    def read_leaves(self, file: str) -> None:
        """Leaf hashes one after another; with them any older checkpoint can be compared."""
        if file not in self.files:
            return
        raw = (self.top / file).read_bytes()
        leaves = [raw[at : at + 32] for at in range(0, len(raw), 32)]
        forbid(len(raw) != 32 * self.size or root_of(self.algorithm, leaves) != self.root, "leaves")
        self.leaves = leaves
        if self.after is not None:
            _, size, root, _ = self.trust.checkpoint(self.after)
            forbid(size < self.size and root_of(self.algorithm, leaves[:size]) != root, "forked")

    def lines(self, file: str) -> list[Any]:
        """The values of a file of one canonical JSON text a line; a file that is not there has none."""
        text = self.text(file) if file in self.files else ""
        forbid(text and not text.endswith("\n"), "canonical")
        return [parse(line) for line in text[:-1].split("\n")] if text else []

    def anchors(self, file: str) -> None:
        """Older checkpoints with the proof that this one extends them (in the place of leaves where the log is large)."""
        known = self.trust.checkpoint(self.after)[:3] if self.after is not None else None
        found = known is None or known[1] == self.size or bool(self.leaves)
        for line in self.lines(file):
            note, proof = fields(line, "anchor", "checkpoint:s proof:a")
            origin, size, root, _ = self.trust.checkpoint(note)
            good = consistent(self.algorithm, size, root, self.size, self.root, hashes(proof))
            forbid(origin != self.report.origin or not good, "forked")
            found = found or known == (origin, size, root)
        forbid(not found, "no-proof")

    def stream(self, file: str) -> None:
        """One stream from its first entry: numbers, chain, commitments, place in the tree, signatures."""
        previous, name, number = named(self.algorithm, bytes(32)), "", 0
        *lines, rest = self.text(file).split("\n")
        forbid(rest or not lines, "canonical")
        try:
            for number, line in enumerate(lines, 1):
                entry = self.entry(line, number, previous)
                name = name or entry.outer["stream"]
                forbid(entry.outer["stream"] != name or file != stream_file(name), "stream")
                previous, self.last[name] = named(self.algorithm, entry.digest), entry
        except Wrong as wrong:
            self.report.add(wrong, file, name, number)
        self.report.streams, self.report.entries = self.report.streams + 1, self.report.entries + len(lines)
        self.heads[name] = {"head": previous, "length": len(lines)}

    def entry(self, line: str, number: int, previous: str) -> Entry:
        written = parse(line)
        place = written.pop("place", None) if isinstance(written, dict) else None
        entry = Entry(written)
        forbid(entry.algorithm != self.algorithm, "algorithm", what=entry.algorithm)
        forbid(entry.outer["number"] != number, "number", want=number, got=entry.outer["number"])
        forbid(entry.outer["previous"] != previous, "chain")
        shape = "position:i proof:a cell:o" if entry.sealed else "position:i proof:a"
        position, proof, cell = [*fields(place, "place", shape), None][:3]
        if self.root:
            self.claim(position, entry.check_place(position, proof, cell, self.size, self.root))
        self.known[named(self.algorithm, entry.digest)] = position
        if entry.content and entry.content["signature"]:
            self.act(entry.content)
        if entry.content and entry.content["kind"] == ROTATED:
            check_rotation(entry.content["body"])
        return entry

    def act(self, content: Any) -> None:
        """The signature of the person who acted, under the certificate in keys.json; several entries may share one."""
        shape = "algorithm:s certificate:s text:s value:s"
        form, name, text, value = fields(content["signature"], "signature", shape)
        forbid(content["actor"].get("certificate") not in (None, name), "signature", what=name)
        head, check = ALGORITHMS.get(form, (b"", None))
        if check is None or not self.certificates.get(name, b"").startswith(head):
            forbid(self.kind == ARCHIVE, "certificate", what=name)
            self.report.unchecked += 1
            return
        if (name, text, value) not in self.acts:
            self.acts[name, text, value] = check(self.certificates[name][len(head) :], text.encode(), unbase64(value))
        forbid(not self.acts[name, text, value], "signature", what=name)
        self.report.signatures += 1

    def claim(self, position: int, found: bytes) -> None:
        """A position holds one leaf; sealed entries share their cell's."""
        wrong = self.taken.setdefault(position, found) != found or (self.leaves and self.leaves[position] != found)
        forbid(wrong, "position", what=position)

    def cells(self, file: str) -> None:
        """The cells of a whole ledger, those without entries too."""
        for line in self.lines(file):
            position, text = fields(line, "cell", "position:i text:s")
            forbid(algorithm(fields(parse(text), "cell.text", "cell:s depth:i tick:i")[0]) != self.algorithm, "cell")
            forbid(not 0 <= position < self.size, "position", what=position)
            self.claim(position, leaf(self.algorithm, text))

    def covered(self, _: str) -> None:
        for position in range(self.size):
            forbid(position not in self.taken, "uncovered", what=position)

    def promises(self, file: str) -> None:
        for line in self.lines(file):
            check_promise(fields(line, "promise", "promise:s")[0], self.report.origin, self.trust, self.known)

    def closing(self, main: str) -> None:
        """The last entry lists length and head of every stream and the digest of every document; nothing is missing."""
        last = self.last.get(main)
        if last is None or last.sealed or last.outer["kind"] != CLOSING:
            raise Wrong("no-closing")
        self.heads[main] = {"head": last.outer["previous"], "length": last.outer["number"] - 1}
        forbid(last.outer["body"].get("streams") != self.heads, "closing")
        listed = last.outer["body"].get("documents")
        found = {name: text for name, text in self.digests.items() if name.startswith(("documents/", "bids/"))}
        names = set(listed if isinstance(listed, dict) else ()) ^ set(found)
        forbid(listed != found, "closing-files", what=", ".join(sorted(names))[:200] or "documents")

    def itself(self, file: str) -> None:
        """A second look at the running program, independent of the first."""
        own, here = Path(__file__).resolve(), (self.top / file).resolve()
        forbid(own == here and hash_file(own, self.algorithm)[1] not in self.text("manifest.json"), "self")

# ---- receipts --------------------------------------------------------------------------------------------------------
def check_promise(note: str, origin: str, trust: Trust, known: dict[str, int]) -> None:
    """A promise is about an entry whose position in this log is known, by a key that was not yet replaced there."""
    text, lines = parse_note(note)
    promise = parse(text[:-1])
    _, entry, form, log, _ = fields(promise, "promise", "at:s entry:s format:s log:s within:i")
    forbid(form != PROMISE or log != origin, "origin", what=log)
    if trust.brought or trust.receipts:
        signed("receipts", text, lines, trust.receipts, known.get(entry, -2) + 1, begun=False)
    forbid(entry not in known, "promise")

def check_receipt(path: Path, trust: Trust, after: str | None, report: Report) -> None:
    """One receipt: the entry, its place, the checkpoint, the promise."""
    shape = "cell:? checkpoint:s entry:o format:s position:i promise:s proof:a"
    cell, checkpoint, written, form, position, promise, proof = fields(parse(read_text(path)), "receipt", shape)
    forbid(form != RECEIPT, "shape", what="format")
    entry = Entry(written)
    report.origin, report.size, root, report.cosigners = trust.checkpoint(checkpoint, trust.quorum, entry.algorithm)
    entry.check_place(position, proof, cell, report.size, root)
    check_promise(promise, report.origin, trust, {named(entry.algorithm, entry.digest): position})
    report.entries, report.unchecked = 1, int(bool(entry.content and entry.content["signature"]))  # no certificate here
    if after is not None:
        origin, size, known, _ = trust.checkpoint(after)
        forbid(origin != report.origin or size != report.size, "no-proof")
        forbid(known != root, "forked")

# ---- the verdict -----------------------------------------------------------------------------------------------------
def verify(path: str, trust_path: str | None = None, after_path: str | None = None) -> Report:
    """Check a folder or a receipt. Never raises for what the files hold."""
    report, place = Report(), trust_path or ""
    try:
        trust = read_trust(Path(trust_path)) if trust_path else None
        place = after_path or ""
        after = read_text(Path(after_path)) if after_path else None
        if after is not None:
            (trust or Trust(False)).checkpoint(after)
        place = Path(path).name or path
        if not Path(path).is_dir():
            check_receipt(Path(path), trust or Trust(False), after, report)
        else:
            forbid(not any(Path(path).iterdir()), "empty")
            Folder(Path(path), trust, after, report).check()
        report.proven = trust is not None
    except Wrong as wrong:
        report.add(wrong, place)
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        report.add(Wrong("unreadable", what=type(error).__name__), place)
    return report

def verdict(report: Report) -> str:
    """The verdict in Chinese and English, first the one line that counts."""
    if not report.findings:
        head = "来源已证明 / consistent, origin proven" if report.proven else "来源未证明 / consistent, origin not proven"
        said = "{} 条记录 entries, {} 条流 streams, {} 个叶子 leaves, {} 个签名已验 signed acts checked ({} 未验 unchecked)"
        counts = said.format(report.entries, report.streams, report.size, report.signatures, report.unchecked)
        who = clean(", ".join(report.cosigners)) + ("" if report.proven else "（密钥来自包内 / by keys that came with it）")
        by = "  共签 / cosigned by: " + who if report.cosigners else "  未验共签 / no cosignature checked: a second history is possible"
        return "\n".join(("✓ 前后一致，" + head, "  账本 / log " + clean(report.origin) + ": " + counts, by))
    lines = ["✗ 不通过 / REFUSED"]
    for item in report.findings[:MOST_FINDINGS]:
        entry = " #" + str(item["entry"]) if item["entry"] else ""
        place = " · ".join(part for part in (item["file"], item["stream"]) if part)
        lines.append("  " + place + entry + ": " + item["zh"] + " / " + item["en"])
    return "\n".join(lines)

def as_json(report: Report) -> str:
    """The verdict for programs."""
    names = ("origin", "size", "entries", "streams", "signatures", "unchecked", "cosigners", "proven", "findings")
    answer = {name: getattr(report, name) for name in names}
    answer["proven"] = report.proven and not report.findings
    return json.dumps({"ok": not report.findings, **answer}, ensure_ascii=False, sort_keys=True)

def add_arguments(parser: argparse.ArgumentParser, default: str | None) -> None:
    parser.add_argument("path", nargs="?", default=default, help="an archive folder, a whole ledger or a receipt")
    parser.add_argument("--trust", metavar="KEYS", help="keys you brought: lines log/receipts/cosigner VKEY, quorum N")
    parser.add_argument("--after", metavar="CHECKPOINT", help="a checkpoint you kept: nothing older or other passes")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")

def conclude(given: argparse.Namespace) -> bool:
    """Verify, print the verdict; true (exit status 1) when something was found wrong."""
    report = verify(given.path, given.trust, given.after)
    print(as_json(report) if given.json else verdict(report))
    return bool(report.findings)

def main() -> bool:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    add_arguments(parser, str(Path(__file__).resolve().parent))
    return conclude(parser.parse_args())

if __name__ == "__main__":
    for output in (sys.stdout, sys.stderr):
        output.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main())
elif __name__ != "mingzheng.ledger.verify":
    sys.exit("verify.py is spoilt: it was neither run nor imported")

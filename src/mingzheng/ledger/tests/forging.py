"""A small true ledger to forge: public and sealed streams over several ticks, signed acts, documents, cosigners.

Everything follows from a seed, so the same book can be written again with one fact changed, which is what a forger who
owns the database and the platform's own keys would do.
"""

import base64
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mingzheng.kernel import canonical, digest, sm2
from mingzheng.ledger import cells, notes, packing, receipts, signing, tree, verify

ORIGIN = "ledger.example/centre"
LOT = "lot:018e0000-0000-7000-8000-000000000001"
PROCEDURE = "procedure:018e0000-0000-7000-8000-000000000002"
Alter = Callable[[str, dict[str, Any]], dict[str, Any]]


class Sm2:
    """An SM2 key that signs the same text in the same way, so that vectors can be compared byte for byte."""

    algorithm = signing.SM2

    def __init__(self, number: int) -> None:
        self._number = number
        x, y = self._times(number)
        self.public = b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")

    def _times(self, number: int) -> tuple[int, int]:
        p, (x, y, z) = verify.SM_2.p, verify.SM_2.multiply(verify.SM_2.base, number)
        return x * pow(z, -2, p) % p, y * pow(z, -3, p) % p

    def sign(self, message: bytes) -> bytes:
        order = verify.SM_2.order
        e, _, _ = verify.SM_2.factors(self.public, message, 1, 1)
        k = int.from_bytes(digest.raw(self._number.to_bytes(32, "big") + message, "sm3"), "big") % order
        r = (e + self._times(k)[0]) % order
        s = pow(1 + self._number, -1, order) * (k - r * self._number) % order
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Side:
    """The keys of log, receipts, cosigners and people under one digest algorithm."""

    def __init__(self, algorithm: str) -> None:
        self.gm = algorithm == "sm3"
        self.log = self.signer(ORIGIN, 1)
        self.receipts = self.signer(f"{ORIGIN}/receipts", 2)
        self.supervisor = self.signer("supervisor", 3, notes.COSIGNER)
        self.neighbour = self.signer("neighbour", 4, notes.COSIGNER)
        self.cosigners = (self.supervisor, self.neighbour)
        self.people = [Sm2(1000 + n) if self.gm else ec.derive_private_key(1000 + n, ec.SECP256R1()) for n in range(3)]
        self.certificates = [self._certificate(key) for key in self.people]
        self.names = [digest.of(der) for der in self.certificates]
        self.keys = packing.PublicKeys(
            [self.log.key],
            [self.receipts.key],
            [(self.supervisor.key, "监督部门"), (self.neighbour.key, "邻市中心")],
            dict(zip(self.names, self.certificates, strict=True)),
        )
        self.trust = (
            f"# from the supervisor\nlog {self.log.key.vkey()}\nreceipts {self.receipts.key.vkey()}\n"
            + "".join(f"cosigner {signer.key.vkey()}\n" for signer in self.cosigners)
            + "quorum 2\n"
        )

    def signer(self, name: str, seed: int, kind: int = notes.LOG) -> notes.NoteSigner:
        """A key of this suite from a small number."""
        if self.gm:
            return notes.NoteSigner(name, Sm2(seed), kind)
        return notes.NoteSigner.from_seed(name, bytes([seed] * 32), kind)

    def _certificate(self, key: Any) -> bytes:
        if self.gm:
            return verify.SPKI_SM2 + bytes(key.public)
        return bytes(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def signature(self, person: int, act: str, nonce: str) -> dict[str, str]:
        """The signature of an act as browsers make it: raw r || s in base64, with SM2 DER in base64."""
        text = canonical.dumps({"act": act, "fields": {"lot": LOT[4:]}, "nonce": nonce})
        if self.gm:
            raw = self.people[person].sign(text.encode())  # type: ignore[union-attr]
            value = sm2.signature_of(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        else:
            algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
            value = raw_signature(self.people[person].sign(text.encode(), algorithm))  # type: ignore[call-arg, union-attr]
        return {
            "algorithm": "sm2-sm3" if self.gm else "ecdsa-p256-sha256",
            "certificate": self.names[person],
            "text": text,
            "value": base64.b64encode(value).decode(),
        }


_sides: dict[str, Side] = {}


def ours() -> Side:
    """The keys of the suite under which the test runs."""
    algorithm = digest.current()
    if algorithm not in _sides:
        _sides[algorithm] = Side(algorithm)
    return _sides[algorithm]


def raw_signature(der: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(der))


class Book:
    """A ledger in memory. `alter(kind, body)` lets a forger change what is written while everything else stays."""

    def __init__(self, alter: Alter = lambda kind, body: body) -> None:
        self.random, self.alter = random.Random(2026), alter
        self.streams: dict[str, list[receipts.Written]] = {}
        self.at: dict[tuple[str, int], tuple[int, receipts.InCell | None]] = {}
        self.leaves: list[bytes] = []
        self.cell_texts: list[tuple[int, str]] = []
        self.waiting: list[tuple[str, int, bytes]] = []
        self.minute, self.ticks = 0, 0

    def write(self, stream: str, kind: str, body: dict[str, Any], person: int | None = None) -> receipts.Written:
        """Append one entry, as the ledger's writer does."""
        chain = self.streams.setdefault(stream, [])
        self.minute += 1
        outer = {
            "at": f"2026-03-02T09:{self.minute // 60 % 60:02}:{self.minute % 60:02}.000000+08:00",
            "number": len(chain) + 1,
            "previous": chain[-1].name if chain else digest.named(digest.current(), bytes(32)),
            "stream": stream,
        }
        signed = ours().signature(person, kind, f"nonce-{self.minute}") if person is not None else None
        actor = {"certificate": signed["certificate"] if signed else None, "person": None, "strength": "certificate"}
        inner = {"actor": actor, "body": self.alter(kind, body), "kind": kind, "signature": signed}
        if stream.startswith("sealed:"):
            text, salt = canonical.dumps(inner), self.random.randbytes(32)
            commitment = digest.of(b"\x02" + salt + text.encode())
            entry = receipts.Written(canonical.dumps({**outer, "sealed": commitment}), text, salt)
            self.waiting.append((stream, outer["number"], entry.digest))  # type: ignore[arg-type]
        else:
            entry = receipts.Written(canonical.dumps({**outer, **inner}))
            self.at[stream, len(chain) + 1] = (len(self.leaves), None)
            self.leaves.append(entry.digest)
        chain.append(entry)
        return entry

    def tick(self) -> None:
        """One cell, whether or not a sealed entry waits."""
        self.ticks += 1
        digests = [found for _, _, found in self.waiting]
        text, places = cells.make_cell(self.ticks, digests, self.random.randbytes(32), self.random)
        for stream, number, found in self.waiting:
            self.at[stream, number] = (len(self.leaves), receipts.InCell(text, *places[found]))
        self.cell_texts.append((len(self.leaves), text))
        self.leaves.append(cells.leaf_of(text))
        self.waiting = []

    def note(
        self,
        cosigners: tuple[notes.NoteSigner, ...] | None = None,
        signer: notes.NoteSigner | None = None,
        size: int | None = None,
    ) -> str:
        """The newest checkpoint, or that of another size, cosigned."""
        leaves = self.leaves[:size]
        text = notes.Checkpoint(ORIGIN, len(leaves), tree.root_of(leaves)).text()
        by = ours().cosigners if cosigners is None else cosigners
        lines = [cosigner.line(text, 1_772_413_200) for cosigner in by]
        return (signer or ours().log).sign(text).with_lines(lines).render()

    def log(self, note: str | None = None) -> packing.Log:
        tiles: dict[tuple[int, int], list[bytes]] = {}
        for write in tree.grow(0, [], self.leaves)[2]:
            tiles.setdefault((write.level, write.index), []).extend(write.hashes)
        return packing.Log(note or self.note(), lambda level, index: tiles.get((level, index), []))

    def items(self) -> dict[str, list[packing.Item]]:
        return {
            stream: [packing.Item(entry, *self.at[stream, number]) for number, entry in enumerate(chain, 1)]
            for stream, chain in self.streams.items()
        }

    def promises(self) -> list[str]:
        first = [chain[0] for chain in self.streams.values()]
        return [receipts.make_promise(ours().receipts, e.name, ORIGIN, json.loads(e.text)["at"]) for e in first]


DOCUMENTS = {
    "documents/招标文件.pdf": b"%PDF-1.7 tender document " * 40,
    "documents/evaluation/report.pdf": b"%PDF-1.7 report " * 50,
    "bids/018e-a.bid": bytes(range(256)) * 4,
    "bids/018e-b.bid": bytes(range(255, -1, -1)) * 4,
}


def play(book: Book, bidders: int = 3, closing: bool = True) -> Book:
    """One small tender: notice, bids in sealed streams, opening, award, closing entry."""
    for step in ("registered", "document-prepared", "notice-published"):
        book.write(PROCEDURE, f"procedures.{step}", {"name": "城区道路 “一期” 工程", "step": step}, person=0)
        book.tick()
    for name in ("plan", "notice", "clarification"):
        book.write(LOT, f"tendering.{name}", {"text": "第一标段\n路面\U0001f3d7", "pages": len(name)}, person=0)
    for bidder in range(bidders):
        stream = f"sealed:{bidder:08}-0000-4000-8000-000000000000"
        for number, act in enumerate(("enrolled", "deposit-paid", "bid-submitted", "bid-replaced")):
            body = {"price": f"{1000000 + bidder * 1111 + number}.00", "salted": bidder}
            book.write(stream, f"bidding.{act}", body, person=1 + bidder % 2 if number % 2 else None)
            if number % 2:
                book.tick()
    book.tick()
    for name in ("bidding-closed", "bids-read", "report-signed", "award-announced", "contract-filed"):
        book.write(LOT, f"opening.{name}", {"bids": bidders, "winner": "b", "price": "1000003.00"}, person=0)
        book.tick()
    if closing:
        heads = {stream: (len(chain), chain[-1].digest) for stream, chain in book.streams.items()}
        listed = {path: digest.of(content) for path, content in DOCUMENTS.items()}
        book.write(LOT, "archiving.file-closed", {"lot": LOT[4:], **packing.closing_body(heads, listed)}, person=0)
        book.tick()
        book.write("centre", "parties.person-registered", {"n": 1})
    return book


def archive(folder: Path, book: Book, note: str | None = None, signer: notes.NoteSigner | None = None) -> Path:
    """The archive of the lot, without what belongs to others."""
    streams = {name: items for name, items in book.items().items() if name != "centre"}
    return packing.write_archive(
        folder,
        main=LOT,
        streams=streams,
        log=book.log(note),
        keys=ours().keys,
        signer=signer or ours().log,
        files=DOCUMENTS,
        promises=book.promises()[:3],
    )


def ledger(folder: Path, book: Book, note: str | None = None) -> Path:
    """The whole ledger."""
    return packing.write_ledger(
        folder, streams=book.items(), cells=book.cell_texts, log=book.log(note), keys=ours().keys, signer=ours().log
    )


def reseal(folder: Path, signer: notes.NoteSigner | None = None) -> None:
    """What a forger with the platform's log key does after changing files: a new manifest, signed again."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    packing.seal(folder, manifest["format"], manifest["log"], manifest["stream"], signer or ours().log)

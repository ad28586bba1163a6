"""A small true ledger to forge: public and sealed streams over several ticks, signed acts, documents, cosigners.

Everything follows from a seed, so the same book can be written again with one fact changed, which is what a forger who
owns the database and the platform's own keys would do.
"""

import base64
import json
import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mingzheng.kernel import canonical
from mingzheng.ledger import cells, notes, packing, receipts, tree

ORIGIN = "ledger.example/centre"
LOT = "lot:018e0000-0000-7000-8000-000000000001"
PROCEDURE = "procedure:018e0000-0000-7000-8000-000000000002"
LOG = notes.NoteSigner.from_seed(ORIGIN, bytes([1] * 32))
RECEIPTS = notes.NoteSigner.from_seed(f"{ORIGIN}/receipts", bytes([2] * 32))
SUPERVISOR = notes.NoteSigner.from_seed("supervisor", bytes([3] * 32), notes.COSIGNER)
NEIGHBOUR = notes.NoteSigner.from_seed("neighbour", bytes([4] * 32), notes.COSIGNER)
COSIGNERS = (SUPERVISOR, NEIGHBOUR)
PEOPLE = [ec.derive_private_key(1000 + n, ec.SECP256R1()) for n in range(3)]
CERTIFICATES = [key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for key in PEOPLE]
NAMES = [f"sha256:{sha256(der).hexdigest()}" for der in CERTIFICATES]
KEYS = packing.PublicKeys(
    [LOG.key],
    [RECEIPTS.key],
    [(SUPERVISOR.key, "监督部门"), (NEIGHBOUR.key, "邻市中心")],
    dict(zip(NAMES, CERTIFICATES, strict=True)),
)
TRUST = (
    f"# from the supervisor\nlog {LOG.key.vkey()}\nreceipts {RECEIPTS.key.vkey()}\n"
    + "".join(f"cosigner {signer.key.vkey()}\n" for signer in COSIGNERS)
    + "quorum 2\n"
)
Alter = Callable[[str, dict[str, Any]], dict[str, Any]]


def signature(person: int, act: str, nonce: str) -> dict[str, str]:
    """The signature of an act, raw r || s in base64 as browsers make it."""
    text = canonical.dumps({"act": act, "fields": {"lot": LOT[4:]}, "nonce": nonce})
    algorithm = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    return {
        "algorithm": "ecdsa-p256-sha256",
        "certificate": NAMES[person],
        "text": text,
        "value": base64.b64encode(raw_signature(PEOPLE[person].sign(text.encode(), algorithm))).decode(),
    }


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
            "previous": f"sha256:{chain[-1].digest.hex() if chain else '0' * 64}",
            "stream": stream,
        }
        signed = signature(person, kind, f"nonce-{self.minute}") if person is not None else None
        actor = {"certificate": signed["certificate"] if signed else None, "person": None, "strength": "certificate"}
        inner = {"actor": actor, "body": self.alter(kind, body), "kind": kind, "signature": signed}
        if stream.startswith("sealed:"):
            text, salt = canonical.dumps(inner), self.random.randbytes(32)
            commitment = sha256(b"\x02" + salt + text.encode()).hexdigest()
            entry = receipts.Written(canonical.dumps({**outer, "sealed": f"sha256:{commitment}"}), text, salt)
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
        digests = [digest for _, _, digest in self.waiting]
        text, places = cells.make_cell(self.ticks, digests, self.random.randbytes(32), self.random)
        for stream, number, digest in self.waiting:
            self.at[stream, number] = (len(self.leaves), receipts.InCell(text, *places[digest]))
        self.cell_texts.append((len(self.leaves), text))
        self.leaves.append(cells.leaf_of(text))
        self.waiting = []

    def note(self, cosigners: tuple[notes.NoteSigner, ...] = COSIGNERS, signer: notes.NoteSigner = LOG) -> str:
        """The newest checkpoint, cosigned."""
        text = notes.Checkpoint(ORIGIN, len(self.leaves), tree.root_of(self.leaves)).text()
        return signer.sign(text).with_lines([cosigner.line(text, 1_772_413_200) for cosigner in cosigners]).render()

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
        return [receipts.make_promise(RECEIPTS, e.name, ORIGIN, json.loads(e.text)["at"]) for e in first]


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
        listed = {path: f"sha256:{sha256(content).hexdigest()}" for path, content in DOCUMENTS.items()}
        book.write(LOT, "archiving.file-closed", {"lot": LOT[4:], **packing.closing_body(heads, listed)}, person=0)
        book.tick()
        book.write("centre", "parties.person-registered", {"n": 1})
    return book


def archive(folder: Path, book: Book, note: str | None = None) -> Path:
    """The archive of the lot, without what belongs to others."""
    streams = {name: items for name, items in book.items().items() if name != "centre"}
    return packing.write_archive(
        folder,
        main=LOT,
        streams=streams,
        log=book.log(note),
        keys=KEYS,
        signer=LOG,
        files=DOCUMENTS,
        promises=book.promises()[:3],
    )


def ledger(folder: Path, book: Book, note: str | None = None) -> Path:
    """The whole ledger."""
    return packing.write_ledger(
        folder, streams=book.items(), cells=book.cell_texts, log=book.log(note), keys=KEYS, signer=LOG
    )


def reseal(folder: Path) -> None:
    """What a forger with the platform's log key does after changing files: a new manifest, signed again."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    packing.seal(folder, manifest["format"], manifest["log"], manifest["stream"], LOG)

"""Collecting a lot's streams, files, certificates and promises, and writing the folder."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from mingzheng.kernel import clock, ports
from mingzheng.kernel import digest as digests
from mingzheng.ledger import keys, notes, packing, proving, reading, sequencing
from mingzheng.ledger.entries import opened, stored_stream
from mingzheng.ledger.receipts import InCell, Written
from mingzheng.stages.archiving import models
from mingzheng.stages.archiving.catalogue import Line
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.issuing import queries as issuing
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering


def number_items(lot: UUID, found: list[Line]) -> None:
    """Freeze the catalogue: numbers without gaps, in its order."""
    models.Item.objects.filter(lot=lot).delete()
    models.Item.objects.bulk_create(
        models.Item(
            lot=lot, number=number, category=one.category, title=one.title, medium=one.medium, source=one.source,
            event=one.event, made_at=one.made_at, extent=one.extent, digest=one.digest, reference=one.reference, shelf=one.shelf,
        )
        for number, one in enumerate(found, start=1)
    )  # fmt: skip


def streams_of(lot: UUID) -> dict[str, tuple[int, bytes]]:
    """Stored name -> (length, head) of every stream that belongs into the file."""
    names = [f"lot:{lot}", f"procedure:{procedures.lot(lot).procedure}"]
    names += [stored_stream(f"dealing:{dealing.id}") for dealing in tendering.dealings(lot)]
    if evaluation.evaluation(lot) is not None:
        names.append(stored_stream(f"committee:{lot}"))
    return {name: (length, digests.split(head)[1]) for name, length, head in reading.heads(names)}


def files_of(lot: UUID) -> dict[str, str]:
    """Path in the archive -> digest of every paper and every sealed bid with its seal."""
    found = {}
    for paper in issuing.of_lot(lot):
        found[f"documents/{paper.kind}-{paper.document}.pdf"] = paper.digest
        if paper.signature:
            found[f"documents/{paper.kind}-{paper.document}.sm2.sig"] = digests.of(paper.signature.encode())
    if bidding.closing(lot) is not None:
        for bid in bidding.bids(lot):
            found[f"bids/{bid.id}.mzb"] = bid.file_digest
            found[f"bids/{bid.id}.seal"] = bid.seal_digest
    return found


def contents_of(lot: UUID) -> dict[str, bytes | Path]:
    """The same paths with their contents."""
    store = ports.get("store")

    def path(name: str) -> Path:
        with store.open(name) as file:
            return Path(file.name)

    found: dict[str, bytes | Path] = {}
    for paper in issuing.of_lot(lot):
        found[f"documents/{paper.kind}-{paper.document}.pdf"] = store.read(paper.object)
        if paper.signature:
            found[f"documents/{paper.kind}-{paper.document}.sm2.sig"] = paper.signature.encode()
    if bidding.closing(lot) is not None:
        for bid in bidding.bids(lot):
            found[f"bids/{bid.id}.mzb"] = path(bid.object)
            found[f"bids/{bid.id}.seal"] = bid.seal.encode()
    return found


ITEMS = """
select e.number, e.text, e.digest, h.box, l.position, p.position, p.slot, p.path, c.cell from ledger_entry e
left join ledger_hidden h using (stream, number)
left join ledger_leaf l using (stream, number)
left join ledger_cell_place p using (stream, number)
left join ledger_leaf c on c.position = p.position
where e.stream = %s and e.number <= %s order by e.number
"""


def items(stream: str, length: int) -> list[packing.Item]:
    """A stream's first `length` entries with their places and openings."""
    with connection.cursor() as cursor:
        cursor.execute(ITEMS, [stream, length])
        rows = cursor.fetchall()
    found = []
    for _number, text, _digest, box, position, cell_position, slot, path, cell in rows:
        salt, inner = opened(stream, box) if box is not None else (None, None)
        if position is None and cell_position is None:
            raise packing.PackingFailed(f"{stream} is not wholly in the log yet")
        where = None
        if cell_position is not None:
            nodes = tuple(bytes(path)[at : at + 32] for at in range(0, len(path), 32))
            where = InCell(cell, slot, nodes)
        found.append(
            packing.Item(Written(text, inner, salt), position if position is not None else cell_position, where)
        )
    return found


def pack(lot: UUID, folder: Path, streams: dict[str, Any], closing_number: int) -> dict[str, Any]:
    """Write the folder; packing verifies it before it gets its name. PackingFailed while the checkpoint is too old."""
    head = proving.checkpoint()
    if head is None:
        raise packing.PackingFailed("no cosigned checkpoint yet")
    main = f"lot:{lot}"
    lengths = {name: one["length"] for name, one in streams.items()} | {main: closing_number}
    packed = {name: items(name, length) for name, length in lengths.items()}
    begun = clock.parse(json.loads(packed[main][0].entry.text)["at"])
    packing.write_archive(
        folder, main=main, streams=packed, log=packing.Log(head[1], sequencing.read_tile), keys=public_keys(packed),
        signer=keys.log_signer(), files=contents_of(lot),
        anchors=proving.anchors(begun, head[0]) if head[0] > packing.MOST_LEAVES else [],
    )  # fmt: skip
    manifest = (folder / "manifest.json").read_bytes()
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    return {
        "entries": sum(len(rows) for rows in packed.values()), "size": size,
        "manifest": digests.of(manifest),
    }  # fmt: skip


def public_keys(streams: dict[str, list[packing.Item]]) -> packing.PublicKeys:
    """Keys of log, receipts and cosigners, and the certificates whose signatures stand in the entries."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    wanted = set()
    for rows in streams.values():
        for item in rows:
            signature = json.loads(item.entry.inner or item.entry.text).get("signature")
            if signature:
                wanted.add(signature["certificate"])
    certificates = {
        name: x509.load_pem_x509_certificate(parties.certificate(name).pem.encode()).public_bytes(Encoding.DER)
        for name in sorted(wanted)
    }
    return packing.PublicKeys(
        log=[one.key for one in keys.own_terms(keys.LOG)], receipts=[one.key for one in keys.own_terms(keys.RECEIPTS)],
        cosigners=cosigner_keys(),
        certificates=certificates,
    )  # fmt: skip


def cosigner_keys() -> list[tuple[notes.Key, str]]:
    """Cosigners with the role their name says."""
    roles = {"supervisor": "行政监督部门", "neighbour": "相邻交易中心"}
    return [(one.key, roles.get(one.key.name, one.key.name)) for one in proving.cosigner_terms()]


def folder_of(lot: UUID) -> Path:
    """Where a lot's package lies."""
    return Path(settings.MINGZHENG_STATE) / "archives" / procedures.lot(lot).section_code


def read_back(folder: Path, lot: UUID) -> dict[str, Any]:
    """Facts of a folder that was written before its record was (a process killed in between).

    PackingFailed for a folder of another lot: two deployments must not share a state folder.
    """
    manifest = (folder / "manifest.json").read_bytes()
    if json.loads(manifest).get("stream") != f"lot:{lot}":
        raise packing.PackingFailed(f"{folder.name} is the archive of another lot")
    lines = sum(len(p.read_text("utf-8").splitlines()) for p in (folder / "ledger" / "streams").glob("*.jsonl"))
    return {
        "entries": lines, "size": sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()),
        "manifest": digests.of(manifest),
    }  # fmt: skip

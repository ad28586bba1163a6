"""The whole ledger as a folder: public entries in full, sealed ones only as the cells that hold them."""

from pathlib import Path

from django.db import connection

from mingzheng.ledger import keys, packing, proving, sequencing
from mingzheng.ledger.receipts import Written


def export(folder: Path) -> Path:
    """Write what the newest cosigned checkpoint covers. PackingFailed if it does not prove itself."""
    head = proving.checkpoint()
    if head is None:
        raise packing.PackingFailed("there is no cosigned checkpoint yet")
    streams: dict[str, list[packing.Item]] = {}
    cells: list[tuple[int, str]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            """select l.position, l.stream, l.cell, e.text from ledger_leaf l
               left join ledger_entry e using (stream, number) where l.position < %s order by l.position""",
            [head[0]],
        )
        for position, stream, cell, text in cursor:
            if stream is None:
                cells.append((position, cell))
            else:
                streams.setdefault(stream, []).append(packing.Item(Written(text), position))
    public = packing.PublicKeys(
        log=[one.key for one in keys.own_terms(keys.LOG)], receipts=[one.key for one in keys.own_terms(keys.RECEIPTS)],
        cosigners=[(one.key, one.key.name) for one in proving.cosigner_terms()],
    )  # fmt: skip
    return packing.write_ledger(
        folder, streams=streams, cells=cells, log=packing.Log(head[1], sequencing.read_tile), keys=public,
        signer=keys.log_signer(),
    )  # fmt: skip

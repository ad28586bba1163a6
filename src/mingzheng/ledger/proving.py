"""Proofs for what stands in the database: places, checkpoints, cosignatures, receipts."""

import functools
import urllib.request
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection, transaction

from mingzheng.kernel import clock, faultpoint
from mingzheng.ledger import notes, receipts, rotating
from mingzheng.ledger.cosigning import Witness, cosign
from mingzheng.ledger.entries import opened
from mingzheng.ledger.keys import COSIGNER, LOG, RECEIPTS, Term, log_signer, own_terms, receipts_signer, terms
from mingzheng.ledger.prover import Prover
from mingzheng.ledger.sequencing import read_tile

log = structlog.get_logger()
_seen: dict[str, int] = {}
_in_process: list[notes.NoteSigner] = []


def promise(entry: str, at: datetime) -> str:
    """The signed promise that the entry with this digest will stand in the log."""
    return receipts.make_promise(receipts_signer(), entry, settings.MINGZHENG_ORIGIN, clock.text(at))


def place(stream: str, number: int, size: int) -> receipts.Place | None:
    """Where an entry stands in the tree of `size`, or None when it is not covered yet."""
    with connection.cursor() as cursor:
        cursor.execute("select position from ledger_leaf where stream = %s and number = %s", [stream, number])
        row = cursor.fetchone()
        if row is not None:
            return _at(row[0], size, None)
        cursor.execute(
            """select p.position, p.slot, p.path, l.cell from ledger_cell_place p join ledger_leaf l using (position)
               where p.stream = %s and p.number = %s""",
            [stream, number],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    position, slot, path, text = row
    nodes = tuple(bytes(path)[at : at + 32] for at in range(0, len(path), 32))
    return _at(position, size, receipts.InCell(text, slot, nodes))


def _at(position: int, size: int, cell: receipts.InCell | None) -> receipts.Place | None:
    if position >= size:
        return None
    return receipts.Place(position, tuple(_prover().inclusion(position, size)), cell)


def _prover() -> Prover:
    """Over the tiles in the database, each read at most once."""
    return Prover(functools.cache(lambda level, index: b"".join(read_tile(level, index))))


def checkpoint(*, cosigned: bool = True) -> tuple[int, str] | None:
    """The newest checkpoint (size, note); with `cosigned` the newest that all configured cosigners signed."""
    wanted = len(witnesses()) + len(_in_process) if cosigned else 0
    with connection.cursor() as cursor:
        cursor.execute(
            "select size, note from ledger_checkpoint where cardinality(cosigned) >= %s order by size desc limit 1",
            [wanted],
        )
        return cursor.fetchone()  # type: ignore[no-any-return]


def anchors(since: datetime, size: int) -> list[str]:
    """The last cosigned checkpoint of each day from `since` on, of fewer than `size` leaves: what people may have kept.

    For archives of a log too large to carry all leaves.
    """
    wanted, found = len(witnesses()) + len(_in_process), dict[int, str]()
    end = since.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute("select at from ledger_checkpoint where size = %s", [size])
        last = cursor.fetchone()[0]
        while end < last + timedelta(days=1):
            cursor.execute(
                """select size, note from ledger_checkpoint
                   where at < %s and at >= %s and size < %s and cardinality(cosigned) >= %s order by at desc, size desc limit 1""",
                [end, end - timedelta(days=1), size, wanted],
            )
            found.update(cursor.fetchall())
            end += timedelta(days=1)
    return [found[one] for one in sorted(found)]


def receipt(stream: str, number: int, *, show: bool = True) -> str | None:
    """The full receipt of an entry (JSON), or None until a cosigned checkpoint covers it.

    `show` puts the opening of a sealed entry in, for its own actor.
    """
    head = checkpoint()
    if head is None:
        return None
    where = place(stream, number, head[0])
    if where is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            """select e.text, h.box from ledger_entry e left join ledger_hidden h using (stream, number)
               where e.stream = %s and e.number = %s""",
            [stream, number],
        )
        text, box = cursor.fetchone()
    salt, inner = opened(stream, box) if box is not None and show else (None, None)
    written = receipts.Written(text, inner, salt)
    at = clock.parse(_at_of(text))
    return receipts.make_receipt(promise(written.name, at), written, where, head[1])


def _at_of(text: str) -> str:
    import json

    return str(json.loads(text)["at"])


def witnesses(size: int | None = None) -> Sequence[Witness]:
    """The configured cosigners with the key that signs trees of `size` leaves (the newest if not said).

    A key not yet known is asked for once and pinned in keys/cosigners.txt; one that was replaced stands in the ledger.
    """
    pinned_file = Path(settings.MINGZHENG_STATE) / "keys" / "cosigners.txt"
    pinned = dict(
        line.split(" ", 1) for line in pinned_file.read_text("utf-8").splitlines() if " " in line
    ) if pinned_file.exists() else {}  # fmt: skip
    found = []
    for url in settings.MINGZHENG_COSIGNERS:
        if url not in pinned:
            try:
                with urllib.request.urlopen(f"{url}/vkey", timeout=3) as reply:  # noqa: S310 - configured address
                    pinned[url] = reply.read(1000).decode("utf-8").strip()
            except OSError as error:
                log.warning("cosigner_unreachable", url=url, error=str(error))
                continue
            pinned_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            pinned_file.write_text("".join(f"{u} {k}\n" for u, k in pinned.items()), "utf-8")
        key = notes.parse_vkey(pinned[url])
        later = [
            one for one in terms(COSIGNER, key.name) if one.first is not None and (size is None or one.covers(size))
        ]
        found.append(Witness(url, later[-1].key if later else key))
    return found


def cosign_in_process(signers: list[notes.NoteSigner]) -> None:
    """Let these signers cosign without a network (tests only)."""
    _in_process[:] = signers


def cosign_newest() -> int:
    """Ask for cosignatures on the newest checkpoint; one that is down is asked again at the next. Returns how many signed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "select size, note, cosigned from ledger_checkpoint order by size desc limit 1 for update skip locked"
        )
        row = cursor.fetchone()
        all_of_them = list(witnesses(row[0] if row else None))
        if row is None or len(row[2]) >= len(all_of_them) + len(_in_process):
            return 0
        note = notes.parse_note(row[1])
        now = int(clock.now().timestamp())
        if all_of_them:
            done = cosign(
                note, lambda old, new: _prover().consistency(old, new), all_of_them, _seen, now,
                statements=rotating.statements(LOG, settings.MINGZHENG_ORIGIN),
            )  # fmt: skip
            note = done.note
            faultpoint.reach("cosigned", "checkpoint")
            for name, why in done.missing.items():
                log.warning("cosigner_missing", name=name, why=why)
        for signer in _in_process:
            note = note.with_lines([signer.line(note.text, now)])
        names = [w.key.name for w in all_of_them] + [s.key.name for s in _in_process]
        signed = sorted({line.name for line in note.lines} & set(names))
        cursor.execute(
            "update ledger_checkpoint set note = %s, cosigned = %s where size = %s", [note.render(), signed, row[0]]
        )
        return len(signed)


def cosigner_keys() -> list[notes.Key]:
    """The present keys of all configured cosigners."""
    return [w.key for w in witnesses()] + [s.key for s in _in_process]


def cosigner_terms() -> list[Term]:
    """All keys of all configured cosigners, those replaced too, each cosigner's oldest first."""
    return [one for key in cosigner_keys() for one in terms(COSIGNER, key.name) or [Term(key, 1, 0, None)]]


def trust() -> str:
    """The key file of a checking person (docs/formats/checkpoint.md), with the terms of keys that were replaced."""
    found = {LOG: own_terms(LOG), RECEIPTS: own_terms(RECEIPTS), COSIGNER: cosigner_terms()}
    lines = [
        f"{role} {one.trust(begins=role != RECEIPTS)}\n" for role, all_of_them in found.items() for one in all_of_them
    ]
    return "".join(lines)


def keys() -> dict[str, str]:
    """The public keys an outsider needs: role -> vkey (docs/formats/checkpoint.md)."""
    found = {"log": log_signer().key.vkey(), "receipts": receipts_signer().key.vkey()}
    for number, key in enumerate(cosigner_keys(), start=1):
        found[f"cosigner{number}"] = key.vkey()
    return found

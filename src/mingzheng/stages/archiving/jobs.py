"""Packing closed files as soon as a cosigned checkpoint covers their closing entry; checking what is kept."""

import structlog

from mingzheng.kernel import clock
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.job import job
from mingzheng.ledger import packing
from mingzheng.stages.archiving import catalogue, changes, commands, models, queries

log = structlog.get_logger()


@job(seconds=0.5, slow=True)
def pack_closed_files() -> int:
    """Try each closed file; one whose closing entry is not covered yet waits for the next checkpoint."""
    done = 0
    for lot in queries.to_pack():
        row, folder = models.File.objects.get(pk=lot), changes.folder_of(lot)
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            made = (
                changes.read_back(folder, lot)
                if folder.exists()
                else changes.pack(lot, folder, row.streams, row.closing_number)
            )
        except packing.PackingFailed as failed:
            log.info("packing_waits", lot=str(lot), why=str(failed)[:200])
            continue
        commands.record_package(actor=SYSTEM, key=f"package:{lot}", lot=lot, path=str(folder), **made)
        done += 1
    return done


@job(seconds=60.0, slow=True)
def check_kept_items() -> int:
    """Hash one closed file's items again, the one longest not checked; what differs is recorded and told once."""
    found = 0
    for lot in queries.files_to_check(clock.now()):
        for item in queries.items(lot):
            differs = None if item.medium == "paper" else catalogue.damage(item)
            if differs is not None:
                key = f"damage:{lot}:{item.number}:{differs}"
                commands.record_damage(actor=SYSTEM, key=key, lot=lot, number=item.number or 0, found=differs)
                found += 1
        commands.note_checked(actor=SYSTEM, lot=lot)
    return found

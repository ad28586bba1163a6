"""Packing closed files as soon as a cosigned checkpoint covers their closing entry."""

import structlog

from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.job import job
from mingzheng.ledger import packing
from mingzheng.stages.archiving import changes, commands, models, queries

log = structlog.get_logger()


@job(seconds=0.5)
def pack_closed_files() -> int:
    """Try each closed file; one whose closing entry is not covered yet waits for the next checkpoint."""
    done = 0
    for lot in queries.to_pack():
        row, folder = models.File.objects.get(pk=lot), changes.folder_of(lot)
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            made = changes.pack(lot, folder, row.streams, row.closing_number)
        except packing.PackingFailed as failed:
            log.info("packing_waits", lot=str(lot), why=str(failed)[:200])
            continue
        except FileExistsError:
            made = changes.read_back(folder)
        commands.record_package(actor=SYSTEM, key=f"package:{lot}", lot=lot, path=str(folder), **made)
        done += 1
    return done

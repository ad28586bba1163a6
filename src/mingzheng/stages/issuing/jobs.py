"""Sealing outside any transaction: the act that made the paper was acknowledged before, and stays so without a seal."""

import structlog
from django.db import Error

from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.ids import new_id
from mingzheng.kernel.job import job
from mingzheng.stages.issuing import commands, queries

log = structlog.get_logger()
AT_ONCE = 10  # papers a round, so that the other timers come to their turn


@job(seconds=0.2, slow=True)
def seal_papers() -> int:
    """Seal what waits, oldest first. After a failure the rest of the round waits too: the signer is down for all."""
    done = 0
    for paper in queries.due(clock.now(), AT_ONCE):
        if not _seal(paper):
            break
        done += 1
    return done


def _seal(paper: queries.Issued) -> bool:
    store, seals, at = ports.get("store"), ports.get("paper_seals"), clock.now()
    try:
        made = seals.seal(store.read(paper.object), at)
    except Error:  # the database did not answer: the next round does it again, without a pause
        raise
    except Exception as error:  # whatever is wrong with key, hardware or authority, the paper stays on the list
        log.warning("seal_waits", document=str(paper.document), error=type(error).__name__, why=str(error)[:200])
        key = f"postpone:{paper.document}:{paper.tries}"
        commands.postpone_seal(
            actor=SYSTEM, key=key, document=paper.document, problem=f"{type(error).__name__}: {error}"
        )
        return False
    stored = store.put_stream(f"documents/{new_id()}.pdf", [made.content])
    commands.record_seal(
        actor=SYSTEM, key=f"seal:{paper.document}", document=paper.document, object=stored.name, digest=stored.digest,
        size=stored.size, holder=made.holder, certificate=made.certificate, stamped_at=made.at, stamp=made.stamp,
        signature=made.signature, signature_digest=made.signature_digest,
    )  # fmt: skip
    return True

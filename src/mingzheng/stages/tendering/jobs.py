"""Sending papers to the statutory media, reading copies back, word to prepare for openings."""

from datetime import timedelta

from django.db import Error

from mingzheng.kernel import clock, ports
from mingzheng.kernel import digest as digests
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.job import job
from mingzheng.stages.issuing import queries as issuing
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import commands, models, rules

COMPARE_HOURS = 24  # a published copy is read back at once and then every day while its notice runs


@job(seconds=1.0)
def send_media() -> int:
    """Hand due papers to their media outside any transaction, sealed where papers are sealed; the outcome is recorded by
    a command."""
    due = models.Submission.objects.filter(state="queued", next_try__lte=clock.now()).order_by("id")
    rows = [(row, paper) for row in due[:20] if not (paper := issuing.issued(row.document)).waiting]
    for row, paper in rows:
        _send(row, paper)
    return len(rows)


def _send(row: models.Submission, paper: issuing.Issued) -> None:
    key = f"media:{row.pk}:{row.tries}"
    medium = ports.get("media").get(row.medium)
    if medium is None:
        commands.record_refusal(actor=SYSTEM, key=key, submission=row.pk, reason="没有接入这个媒介")
        return
    with ports.get("store").open(paper.object) as file:
        content = file.read()
    try:
        receipt = medium.publish(
            document_id=str(row.document), title=paper.title, kind=paper.kind, content=content, digest=paper.digest
        )
    except Error:  # the database did not answer: the next round does it again, without a pause
        raise
    except Exception as error:  # whatever a medium does wrong, the paper stays on the list
        if type(error).__name__ == "MediumRefused":
            commands.record_refusal(actor=SYSTEM, key=key, submission=row.pk, reason=str(error))
        else:
            commands.retry_submission(actor=SYSTEM, key=key, submission=row.pk)
        return
    commands.receive_receipt(
        actor=SYSTEM, key=key, submission=row.pk, reference=receipt.reference, url=receipt.url, digest=receipt.digest,
        received_at=receipt.at,
    )  # fmt: skip


@job(seconds=5.0)
def compare_media() -> int:
    """Read copies back that were not compared yet or not for a day, and compare digests."""
    at = clock.now()
    stale = models.Submission.objects.filter(state__in=("received", "differs"))
    rows = list(stale.filter(compared_at=None) | stale.filter(compared_at__lte=at - timedelta(hours=COMPARE_HOURS)))
    for row in rows[:20]:
        medium = ports.get("media").get(row.medium)
        if medium is None:
            continue
        try:
            theirs = digests.like(row.digest, medium.read_back(row.reference))
        except LookupError:
            theirs = ""  # a copy that is gone differs too
        except Exception:  # noqa: S112 - a medium that does not answer is asked again in the next round
            continue
        commands.compare_copy(actor=SYSTEM, key=f"compare:{row.pk}:{at}", submission=row.pk, theirs=theirs)
    return len(rows[:20])


@job(seconds=2.0)
def remind_preparation() -> int:
    """Lots that open within the lead time."""
    done = 0
    for lot in procedures.due("bid_deadline", clock.now() + timedelta(hours=rules.lead_hours())):
        running, row = procedures.clock(lot, "bid_deadline"), models.Tender.objects.filter(pk=lot).first()
        if running is None or row is None or row.reminded_for == running.due:
            continue
        if procedures.lot(lot).phase == "announced":
            commands.remind_preparation(actor=SYSTEM, key=f"prepare:{lot}:{running.due}", lot=lot)
            done += 1
    return done

"""The deployment's clock. Production runs on real time only; a demo or rehearsal may run faster or jump, forwards only."""

import time
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import ProgrammingError, connection, models, transaction

from mingzheng.kernel import clock
from mingzheng.kernel.refusal import refusal

START = datetime(2026, 3, 2, 9, 0, tzinfo=clock.UTC8)  # a Monday; rehearsal and tests begin here
DEMO_START = datetime(2025, 3, 3, 9, 0, tzinfo=clock.UTC8)  # a demo plays the year before first (ADR 0016)

NOT_BACK = refusal(
    "clock.not-back", what="时钟只能向前。", todo="请选择晚于当前演示时间的时刻。", status=409, evidence=False
)


class DeploymentClock(models.Model):
    """One row: at real time `real` (seconds since 1970) it was `simulated`, and it runs `rate` times as fast."""

    real = models.FloatField()
    simulated = models.DateTimeField()
    rate = models.FloatField(default=1.0)

    class Meta:
        db_table = "site_clock"


log = structlog.get_logger()


def install() -> None:
    """Put the deployment's clock in place: real in production, simulated in demo and rehearsal; forwards only."""
    if settings.MINGZHENG_MODE != "test":
        clock.use(clock.Forwards(simulated_now if settings.SIMULATED else clock.real, _tell, newest))


def _tell(step: timedelta) -> None:
    """The alert of docs/runbooks/faults.md."""
    log.error("clock_set_back", seconds=round(step.total_seconds(), 3), now="standing still until it has caught up")


def newest() -> datetime | None:
    """The time of the newest checkpoint: at most one tick old, and seen by every process. None before the first."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select at from ledger_checkpoint order by size desc limit 1")
            row = cursor.fetchone()
    except ProgrammingError:  # before the first migration
        return None
    return row[0] if row else None


def simulated_now() -> datetime:
    """Read afresh every time: all processes jump together."""
    with connection.cursor() as cursor:
        cursor.execute("select real, simulated, rate from site_clock order by id limit 1")
        row = cursor.fetchone()
    if row is None:
        return START
    real, simulated, rate = row
    return simulated + timedelta(seconds=(time.time() - real) * rate)  # type: ignore[no-any-return]


def start(moment: datetime = START, rate: float = 1.0) -> None:
    """Set the clock of a fresh demo or rehearsal."""
    if not DeploymentClock.objects.exists():
        DeploymentClock.objects.create(real=time.time(), simulated=moment, rate=rate)


def jump(moment: datetime | None = None, rate: float | None = None) -> datetime:
    """Jump forwards to `moment` and/or change the rate. Refused backwards, and wherever time is real."""
    if not settings.SIMULATED:
        raise NOT_BACK()
    with transaction.atomic():
        row = DeploymentClock.objects.select_for_update().first()
        if row is None:
            row = DeploymentClock(real=time.time(), simulated=START)
        now = clock.now()
        if moment is not None and moment < now:
            raise NOT_BACK(now=now, wanted=moment)
        row.real, row.simulated = time.time(), moment or now
        if rate is not None:
            row.rate = rate
        row.save()
    return clock.now()


def rate() -> float:
    """How fast the clock runs (1.0 in production)."""
    if not settings.SIMULATED:
        return 1.0
    row = DeploymentClock.objects.first()
    return row.rate if row else 1.0

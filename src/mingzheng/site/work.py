"""The worker's rounds: order, cosignatures, readers, reactions, timers. One process is enough; several do no harm."""

import threading
import time

import structlog
from django.db import Error, close_old_connections, connection

from mingzheng.kernel.job import JOBS
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger import proving, reading, sequencing

log = structlog.get_logger()
ROUND_SECONDS = 0.05
COSIGN_SECONDS = 1.0


def sequence_forever(stop: threading.Event) -> None:
    """Place entries in the sequencer's beat, which waits for nobody outside."""
    while not stop.is_set():
        began = time.monotonic()
        stop.wait(sequencing.pause(began, _guarded("sequencer", sequencing.step)))
    connection.close()


def cosign_forever(stop: threading.Event) -> None:
    """Have new checkpoints cosigned; a cosigner that is slow or down holds up receipts, never the order."""
    while not stop.wait(COSIGN_SECONDS):
        _guarded("cosigning", proving.cosign_newest)
    connection.close()


def follow_forever(stop: threading.Event) -> None:
    """Readers and reactions, then timers that are due."""
    last: dict[str, float] = {}
    while not stop.is_set():
        done = _guarded("readers", reading.follow) + _ring(last, slow=False)
        if not done:
            stop.wait(ROUND_SECONDS)
    connection.close()


def slow_forever(stop: threading.Event) -> None:
    """Timers whose work takes long (files of gigabytes): a deadline never waits for them."""
    last: dict[str, float] = {}
    while not stop.is_set():
        if not _ring(last, slow=True):
            stop.wait(ROUND_SECONDS)
    connection.close()


def _ring(last: dict[str, float], *, slow: bool) -> int:
    """Run the timers that are due; how much they did."""
    done = 0
    for job in [one for one in JOBS.values() if one.slow == slow]:
        if time.monotonic() - last.get(job.name, 0.0) >= job.seconds:
            last[job.name] = time.monotonic()
            done += _guarded(job.name, job.run)
    return done


def _guarded(name: str, step: object) -> int:
    """One step; a lost database or a failing timer is logged and tried again, the worker lives on."""
    try:
        return int(step() or 0)  # type: ignore[operator]
    except Refused as refused:
        log.warning("job_refused", job=name, code=refused.code)
    except Error as error:
        log.warning("database_trouble", job=name, error=type(error).__name__)
        close_old_connections()
        connection.close()
        time.sleep(0.5)
    except Exception as error:  # a timer may fail in any way; the others must run
        log.exception("job_failed", job=name, error=type(error).__name__)
        time.sleep(0.2)
    return 0


def run(stop: threading.Event) -> None:
    """All loops until `stop`."""
    threads = [
        threading.Thread(target=loop, args=(stop,), name=loop.__name__, daemon=True)
        for loop in (sequence_forever, cosign_forever, follow_forever, slow_forever)
    ]
    for thread in threads:
        thread.start()
    while not stop.wait(0.5):
        if not all(thread.is_alive() for thread in threads):
            raise RuntimeError("a loop of the worker has ended")
    for thread in threads:
        thread.join(10)

"""A child that really dies by SIGKILL at a point of a command, and what must be true before its caller tries again."""

import os
import signal
import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import connection

from mingzheng.kernel import faultpoint
from mingzheng.kernel.job import JOBS, Job
from mingzheng.ledger import reading, sequencing, writing

ANY = ""
FAILED = 3


def fingerprint(*, but: Iterable[str] = ()) -> dict[str, tuple[int, int]]:
    """Rows and a digest of every table: equal fingerprints, equal database."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
        tables = [row[0] for row in cursor.fetchall() if row[0] not in set(but)]
        each = (f"select '{t}', count(*), coalesce(sum(hashtext(t::text)), 0) from {t} t" for t in tables)
        cursor.execute(" union all ".join(each))
        return {name: (rows, int(digest)) for name, rows, digest in cursor.fetchall()}


def unchanged(was: dict[str, tuple[int, int]], what: str) -> None:
    """Nothing may have been left behind."""
    now = fingerprint()
    assert now == was, f"{what}: {sorted(name for name in now if now[name] != was.get(name))} changed"


def die_at(work: Callable[[], Any], point: str, what: str = ANY) -> str:
    """Run `work` in a child that is killed when it passes the point. What it was doing there, or "" when it never passed."""
    connection.close()  # a connection must not be shared by two processes
    reader, writer = os.pipe()
    sys.stdout.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of others (typesetting) are not used in the child
        child = os.fork()
    if child == 0:
        _run_and_die(work, point, what, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        passed = told.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return passed
    assert os.waitstatus_to_exitcode(status) == 0, f"the child failed by itself: {passed}"
    return ""


def _run_and_die(work: Callable[[], Any], point: str, what: str, writer: int) -> None:
    def strike(passed: str, doing: str) -> None:
        if passed == point and what in (ANY, doing):
            os.write(writer, doing.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        faultpoint.use(strike)
        work()
        os._exit(0)
    except BaseException:
        os.write(writer, traceback.format_exc()[-3000:].encode())
    os._exit(FAILED)


@dataclass
class Struck:
    """What was struck where, and what was done; `again` counts acts whose answer came from the first time."""

    acts: dict[str, set[str]] = field(default_factory=dict)
    rounds: dict[str, set[str]] = field(default_factory=dict)
    again: Counter[str] = field(default_factory=Counter)
    kills: int = 0


class Striker:
    """Stands before every command, timer, reaction, reader and the sequencer, and kills whoever does it for the first time.

    Before the act is done at last, the database must be what it was (killed before the commit), or the repeated act
    must answer what the first one did and change nothing (killed after it).
    """

    def __init__(self, points: Callable[[str], tuple[str, ...]]) -> None:
        self.points, self.struck, self.busy = points, Struck(), False
        self._run, self._react, self._step = writing._run, reading.react, sequencing.step

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Until the patch ends."""
        patch.setattr(writing, "_run", self.command)
        patch.setattr(reading, "react", self.reaction)
        patch.setattr(reading, "advance", self._round(reading.advance, lambda one: f"reader-{one.name}"))
        patch.setattr(reading, "dispatch", self._round(reading.dispatch, lambda: "dispatch"))
        patch.setattr(sequencing, "step", self._round(sequencing.step, lambda: "sequencer"))
        for name, job in list(JOBS.items()):
            patch.setitem(JOBS, name, replace(job, run=self._timer(job)))

    def command(
        self, this: writing.Command, before: Any, evidence: Any, actor: Any, key: str, arguments: dict[str, Any]
    ) -> Any:
        """One act: killed at every point, then done."""

        def work() -> Any:
            return self._run(this, before, evidence, actor, key, arguments)

        if self.busy or this.act in self.struck.acts or connection.in_atomic_block:
            return work()
        self.struck.acts[this.act] = set()
        was = fingerprint()
        for point in self.points(this.act)[: None if key else -1]:
            assert die_at(work, point, this.act) == this.act, f"{this.act} never came to {point}"
            self._note(self.struck.acts, this.act, point)
            if point != "after-commit":
                unchanged(was, f"{this.act} killed at {point} left something behind")
        was = fingerprint()
        done = work()
        if done.again:
            self.struck.again[this.act] += 1
            unchanged(was, f"{this.act} acted twice")
        assert done.again == ("after-commit" in self.struck.acts[this.act]), this.act
        return done

    def reaction(self) -> int:
        """One due reaction."""
        with connection.cursor() as cursor:
            cursor.execute("select reaction from ledger_task order by seq limit 1")
            row = cursor.fetchone()
        if self.busy or row is None or row[0] in self.struck.rounds or connection.in_atomic_block:
            return self._react()
        was = fingerprint()
        asked = [point for point in self.points(row[0]) if point not in ("before-slot", "before-commit")]
        for point in (*asked, f"before-commit~reaction-{row[0]}"):
            passed = die_at(lambda: self._quietly(self._react), *point.split("~"))
            if passed:
                self._note(self.struck.rounds, row[0], point.split("~")[0])
                unchanged(was, f"{row[0]} killed at {point} left something behind")
                if "~" not in point:
                    self._note(self.struck.acts, passed, point)
        self.struck.rounds.setdefault(row[0], set())
        return self._quietly(self._react)

    def _round(self, original: Callable[..., int], name: Callable[..., str]) -> Callable[..., int]:
        def run(*args: Any, **named: Any) -> int:
            what = name(*args)
            if self.busy or what in self.struck.rounds or connection.in_atomic_block:
                return original(*args, **named)
            was = fingerprint()
            if die_at(lambda: self._quietly(lambda: original(*args, **named)), "before-commit", what):
                self._note(self.struck.rounds, what, "before-commit")
                unchanged(was, f"{what} killed before its commit left something behind")
            return original(*args, **named)

        return run

    def _timer(self, job: Job) -> Callable[[], int]:
        """A timer of the worker: whatever command it comes to first is struck; the timer's next round ends the matter."""

        def run() -> int:
            if self.busy or job.name in self.struck.rounds or connection.in_atomic_block:
                return job.run()
            was = fingerprint()
            for point in self.points(job.name):
                passed = die_at(lambda: self._quietly(job.run), point)
                if not passed:
                    break
                self._note(self.struck.rounds, job.name, point)
                self._note(self.struck.acts, passed, point)
                if point != "after-commit":
                    unchanged(was, f"{job.name} killed at {point} left something behind")
            return self._quietly(job.run) if job.name in self.struck.rounds else job.run()

        return run

    def _quietly(self, work: Callable[[], int]) -> int:
        self.busy = True
        try:
            return work()
        finally:
            self.busy = False

    def _note(self, where: dict[str, set[str]], what: str, point: str) -> None:
        where.setdefault(what, set()).add(point)
        self.struck.kills += 1

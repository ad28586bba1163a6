"""Tenders played over HTTP by many parties at once, while a random process is killed again and again."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from tests.faults.centre import Centre, soon

from mingzheng.site.rehearse import ocds, people, play, wire
from mingzheng.site.rehearse.command import PASSWORD
from mingzheng.site.rehearse.play import Play, Stage
from mingzheng.site.rehearse.player import perform
from mingzheng.site.rehearse.wire import Server

#: How often which kind of process is hit: `backend` is one of PostgreSQL's, `postgres` the whole server.
WEIGHTS = {"web": 36, "worker": 36, "cosigner-supervisor": 10, "cosigner-neighbour": 10, "backend": 6, "postgres": 2}
LONGEST_PAUSE = 0.2  # seconds between two deaths, besides the time until somebody got on
LONGEST_WAIT = 10.0  # for a sign of life after a death; doubled when there was none, for slow machines
PATIENCE = 900.0  # seconds in which a party repeats an act, and in which the play waits for the worker
TOLD_EVERY = 50


@dataclass
class Killer:
    """Kills in a thread of its own, in an order and with pauses that follow from the seed."""

    centre: Centre
    wanted: int
    seed: int
    say: Callable[[str], None]
    done: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    failed: list[BaseException] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    patience: float = LONGEST_WAIT

    def got_on(self) -> None:
        """Wait until another entry stands in the ledger, a person's or the worker's: the next death meets work under way."""
        stood, until = -1, time.monotonic() + self.patience
        while time.monotonic() < until and not self.stop.is_set():
            with suppress(psycopg.OperationalError), self.centre.connected() as connection:
                while time.monotonic() < until and not self.stop.wait(0.03):
                    row = connection.execute("select coalesce(sum(number), 0) from ledger_chain").fetchone()
                    assert row is not None
                    stood = row[0] if stood < 0 else stood
                    if row[0] > stood:
                        self.patience = LONGEST_WAIT
                        return
        self.patience *= 2

    def run(self) -> None:
        chance = random.Random(self.seed)
        began = time.monotonic()
        try:
            while self.done.total() < self.wanted and not self.stop.wait(chance.random() * LONGEST_PAUSE):
                kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
                struck = time.monotonic()
                self.centre.restart(kind)
                self.done[kind] += 1
                if not kind.startswith("cosigner"):  # nobody waits for those
                    self.got_on()
                self.seconds[kind] += time.monotonic() - struck
                if self.done.total() % TOLD_EVERY == 0:
                    self.say(f"{self.done.total()} kills in {time.monotonic() - began:.0f} s")
        except BaseException as failed:  # it is told at the end, whatever it was
            self.failed.append(failed)
            wire.PATIENCE = play.WAIT_SECONDS = 0.0  # whoever waits for what does not come back gives up


def play_and_kill(
    centre: Centre, tenders: list[ocds.Tender], kills: int, seed: int, say: Any = print
) -> dict[str, Any]:
    """Play the tenders again and again until so many kills happened; everything acknowledged must then stand once."""
    began = time.monotonic()
    server = Server(centre.url)
    killer = Killer(centre, kills, seed, say)
    with patient():
        played = _play_until(centre, server, tenders, killer, say)
    seconds = {"played": time.monotonic() - began}
    centre.all_up()
    entries = caught_up(centre)
    acknowledged_once(centre, server.acknowledged)
    return {
        "kills": killer.done.total(), "of": dict(killer.done), "tenders": played, "entries": entries,
        "acknowledged": len(server.acknowledged), "seed": seed, "seconds": round(time.monotonic() - began, 1),
        "seconds_of": {name: round(spent, 1) for name, spent in (*seconds.items(), *killer.seconds.items())},
    }  # fmt: skip


@contextmanager
def patient() -> Iterator[None]:
    """Parties and plays wait long."""
    before = wire.PATIENCE, play.WAIT_SECONDS
    wire.PATIENCE = play.WAIT_SECONDS = PATIENCE
    try:
        yield
    finally:
        wire.PATIENCE, play.WAIT_SECONDS = before


def _play_until(centre: Centre, server: Server, tenders: list[ocds.Tender], killer: Killer, say: Any) -> int:
    """Rounds of all tenders until the killer is done; the last is played to its end. How many tenders were played."""
    stage = Stage(people.enter(server, centre.deployment.state / "cast", PASSWORD), people.Bidders(server, "INTL-1"))
    thread = threading.Thread(target=killer.run, name="killer")
    thread.start()
    plays: list[Play] = []
    try:
        while not plays or (killer.done.total() < killer.wanted and not killer.failed):
            folder = centre.folder / f"archives-{len(plays)}"
            folder.mkdir()
            fresh = [Play(tender, place) for place, tender in enumerate(tenders, start=1)]
            perform(stage, fresh, folder, say)
            plays += fresh
            assert not killer.failed, killer.failed[0]
            problems = [one.problem for one in fresh if one.problem]
            assert not problems, problems[0]
    finally:
        killer.stop.set()
        thread.join()
        server.close_all()
    assert not killer.failed, killer.failed[0]
    return len(plays)


def caught_up(centre: Centre) -> int:
    """Wait until the worker has nothing left to do, stop it, and look at everything. How many entries there are."""
    waiting = "select (select count(*) from ledger_unplaced) + (select count(*) from ledger_task)"
    soon(lambda: centre.ask(waiting) == [(0,)], 120)
    centre.kill("worker")
    looked = centre.run("-m", "tests.faults.checking", str(centre.folder / f"ledger-{time.monotonic_ns()}"))
    assert looked.returncode == 0, (looked.stdout + looked.stderr)[-3000:]
    centre.bear("worker")
    return int(json.loads(looked.stdout.splitlines()[-1])["entries"])


def acknowledged_once(centre: Centre, acknowledged: list[tuple[str, str]]) -> None:
    """Every entry an answer told of stands in the ledger exactly once, and in the log."""
    stands = dict(centre.ask("select 'sha256:' || encode(digest, 'hex'), count(*) from ledger_entry group by 1"))
    lost = [told for told in acknowledged if stands.get(told[1]) != 1]
    assert not lost, f"{len(lost)} of {len(acknowledged)} acknowledged entries are lost, the first by {lost[0]}"


def tenders_of(path: Path, limit: int) -> list[ocds.Tender]:
    """The first tenders of a file."""
    return ocds.read(path, limit).tenders

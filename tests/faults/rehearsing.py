"""Tenders played over HTTP by many parties at once, while a random process is killed again and again."""

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.centre import Centre, soon

from mingzheng.site.rehearse import ocds, people, play, wire
from mingzheng.site.rehearse.command import PASSWORD
from mingzheng.site.rehearse.play import Play, Stage
from mingzheng.site.rehearse.player import perform
from mingzheng.site.rehearse.wire import Server

#: How often which kind of process is hit: `backend` is one of PostgreSQL's, `postgres` the whole server.
WEIGHTS = {"web": 36, "worker": 36, "cosigner-supervisor": 10, "cosigner-neighbour": 10, "backend": 6, "postgres": 2}
LONGEST_PAUSE = 0.5
LONGEST_WAIT = 10.0
PATIENCE = 900.0  # seconds in which a party repeats an act, and in which the play waits for the worker


@dataclass
class Killer:
    """Kills in a thread of its own, in an order and with pauses that follow from the seed."""

    centre: Centre
    wanted: int
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    failed: list[BaseException] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: list[tuple[str, str]] = field(default_factory=list)

    def got_on(self, stood: int) -> None:
        """Wait until another act was answered, at most a while (people may be waiting for the worker)."""
        until = time.monotonic() + LONGEST_WAIT
        while len(self.acknowledged) == stood and time.monotonic() < until and not self.stop.wait(0.02):
            pass

    def run(self) -> None:
        chance = random.Random(self.seed)
        try:
            while self.done.total() < self.wanted and not self.stop.wait(chance.random() * LONGEST_PAUSE):
                kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
                stood = len(self.acknowledged)
                self.centre.restart(kind)
                self.done[kind] += 1
                if kind in ("web", "backend", "postgres"):  # the next one meets people who got on meanwhile
                    self.got_on(stood)
            self.stop.wait()  # what this thread started dies with it (processes.die_with): it stays to the end
        except BaseException as failed:  # it is told at the end, whatever it was
            self.failed.append(failed)


def play_and_kill(
    centre: Centre, tenders: list[ocds.Tender], kills: int, seed: int, say: Any = print
) -> dict[str, Any]:
    """Play the tenders again and again until so many kills happened; everything acknowledged must then stand once."""
    began = time.monotonic()
    wire.PATIENCE = play.WAIT_SECONDS = PATIENCE
    server = Server(centre.url)
    stage = Stage(people.enter(server, centre.deployment.state / "cast", PASSWORD), people.Bidders(server, "INTL-1"))
    killer = Killer(centre, kills, seed, acknowledged=server.acknowledged)
    thread = threading.Thread(target=killer.run, name="killer")
    thread.start()
    plays: list[Play] = []
    rounds = 0
    try:
        while not plays or (killer.done.total() < kills and not killer.failed):
            rounds += 1
            folder = centre.folder / f"archives-{rounds}"
            folder.mkdir()
            fresh = [Play(tender, place) for place, tender in enumerate(tenders, start=1)]
            perform(stage, fresh, folder, say)
            plays += fresh
            assert not killer.failed, killer.failed[0]
            problems = [one.problem for one in plays if one.problem]
            assert not problems, problems[0]
    finally:
        killer.stop.set()
        thread.join()
        server.close_all()
    assert not killer.failed, killer.failed[0]
    centre.all_up()
    entries = caught_up(centre)
    acknowledged_once(centre, server.acknowledged)
    return {
        "kills": killer.done.total(), "of": dict(killer.done), "tenders": len(plays), "entries": entries,
        "acknowledged": len(server.acknowledged), "seed": seed, "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip


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

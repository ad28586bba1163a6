"""A whole centre over HTTP: web, worker, sequencer, cosigner, PostgreSQL and the disk fail; what was answered stands."""

import json
import os
import secrets
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.faults.centre import Centre, centre, soon
from tests.faults.rehearsing import acknowledged_once, caught_up

from mingzheng.adapters.crypto.keyfile import open_key_file
from mingzheng.kernel import clock, faultpoint
from mingzheng.site.launch import faults
from mingzheng.site.launch.postgres import home_of
from mingzheng.site.launch.programs import database_account
from mingzheng.site.rehearse.command import PASSWORD
from mingzheng.site.rehearse.party import Party
from mingzheng.site.rehearse.wire import Answer, Lost, Server

pytestmark = pytest.mark.xdist_group("faults")
QUESTIONS = "select count(*) from consulting_question"
SPACE = "320m"  # of the file system PostgreSQL lies on here


@dataclass
class Client:
    """One bidder's program: it keeps the nonce of an act until an answer came."""

    centre: Centre
    party: Party
    newest: int = 0  # number of the newest own receipt seen

    def ask(self, text: str, nonce: str) -> Answer | None:
        """One attempt at one act; None when no answer came."""
        posted = {"fields": {"category": "other", "text": text}, "nonce": nonce, "signature": None}
        try:
            self.party.server.close()
            answer = self.party.server._once(
                "POST", "/act/consulting.ask", json.dumps(posted).encode(),
                {
                    "Content-Type": "application/json", "Accept": "application/json",
                    "X-CSRFToken": self.party.cookies["csrftoken"],
                    "Cookie": "; ".join(f"{k}={v}" for k, v in self.party.cookies.items()),
                },
            )  # fmt: skip
        except Exception as broken:
            assert isinstance(broken, OSError | Lost) or type(broken).__module__ == "http.client", broken
            return None
        if answer.status == 200:
            self.party.server.acknowledged += [("consulting.ask", e["digest"]) for e in answer.json()["entries"]]
        return answer

    def until_answered(self, text: str, nonce: str) -> dict[str, Any]:
        """Repeat the act with its nonce until it is answered with success."""

        def attempt() -> dict[str, Any] | None:
            answer = self.ask(text, nonce)
            return dict(answer.json()) if answer is not None and answer.status == 200 else None

        found: dict[str, Any] = soon(attempt)
        return found

    def receipt(self) -> Answer:
        """The newest own receipt; they are numbered without gaps."""
        while self.party._ask("GET", f"/receipts/{self.newest + 1}.json").status != 404:
            self.newest += 1
        assert self.newest, "no receipt at all"
        return self.party._ask("GET", f"/receipts/{self.newest}.json")


def mounted(folder: Path) -> bool:
    """Put a small file system where PostgreSQL will lie, where the test may."""
    if os.geteuid() != 0:
        return False
    home = home_of(folder / "checkout")
    home.mkdir(mode=0o700, parents=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SPACE},mode=0700", "tmpfs", str(home)], capture_output=True, check=False
    )
    if done.returncode == 0:
        account = database_account()
        os.chown(home, account.pw_uid, account.pw_gid)
    else:
        home.rmdir()
    return done.returncode == 0


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("centre")
    on_small_disk = mounted(folder)
    try:
        with centre(folder) as made:
            made.small_disk = home_of(folder / "checkout") if on_small_disk else None
            yield made
    finally:
        if on_small_disk:
            subprocess.run(["umount", "-l", str(home_of(folder / "checkout"))], check=False)
            home_of(folder / "checkout").rmdir()


@pytest.fixture(scope="module")
def client(here: Centre) -> Iterator[Client]:
    key = open_key_file((here.deployment.state / "cast" / "jia.mzkey").read_text("ascii"), PASSWORD)
    party = Party(Server(here.url), key)
    party.log_in()
    yield Client(here, party)
    party.server.close_all()


@pytest.mark.parametrize("point", [*faultpoint.OF_A_COMMAND, "before-answer"])
def test_the_web_killed_in_an_act_answers_the_repeated_act_as_if_it_were_the_first(here, client, point):
    nonce, before = secrets.token_hex(16), here.ask(QUESTIONS)[0][0]
    dead = here.struck(point, "consulting.ask", "web")
    assert client.ask("幕墙可否分包给他人", nonce) is None
    dead()
    done = client.until_answered("幕墙可否分包给他人", nonce)
    assert done["again"] == (point in ("after-commit", "before-answer"))
    assert here.ask(QUESTIONS) == [(before + 1,)]
    assert all(entry["promise"] for entry in done["entries"])


def test_a_connection_lost_in_the_middle_of_an_act_says_try_again_and_nothing_else(here, client):
    nonce, before = secrets.token_hex(16), here.ask(QUESTIONS)[0][0]
    order = faults.arm(here.armed, "before-commit", "consulting.ask", "hold")
    answers: list[Answer | None] = []
    asking = threading.Thread(target=lambda: answers.append(client.ask("工期可否顺延至年底", nonce)))
    asking.start()
    soon(lambda: order.with_name(f"{order.name}.here").exists())
    for (pid,) in here.ask("select pid from pg_stat_activity where state = 'idle in transaction'"):
        os.kill(pid, signal.SIGKILL)
    soon(here.answers)
    order.unlink()
    asking.join(60)
    answer = answers[0]
    assert answer is not None and answer.status == 503
    assert answer.headers["Retry-After"].isdigit()
    said = answer.body.decode().lower()
    assert not [word for word in ("psycopg", "sql", "traceback", "socket", "operational") if word in said]
    assert client.until_answered("工期可否顺延至年底", nonce)["again"] is False
    assert here.ask(QUESTIONS) == [(before + 1,)]


def test_postgresql_killed_and_started_again_keeps_what_was_acknowledged(here, client):
    before = here.ask(QUESTIONS)[0][0]
    client.until_answered("保证金账户何时开通呢", "a" * 16)
    here.kill("postgres")
    answer = client.ask("图纸何时补发给投标人", "b" * 16)
    assert answer is not None and answer.status == 503
    here.bear("postgres")
    soon(here.answers)
    client.until_answered("图纸何时补发给投标人", "b" * 16)
    assert here.ask(QUESTIONS) == [(before + 2,)]
    acknowledged_once(here, client.party.server.acknowledged)


def test_an_hour_without_sequencer_and_cosigner_delays_receipts_and_loses_nothing(here, client):
    caught_up(here)
    here.kill("worker")
    here.kill("cosigner-neighbour")
    promised = client.until_answered("澄清文件在哪里下载呢", secrets.token_hex(16))
    assert all(entry["promise"] for entry in promised["entries"]), "acknowledged all the same"
    now = clock.parse(client.party.get("/health")["now"])
    client.party.form("/demo/clock", to=clock.text(now + timedelta(hours=1)))
    client.party._in = False
    client.party.log_in()
    assert client.receipt().status == 202, "the receipt of this login is late, and says so"
    assert client.receipt().json() == {"waiting": True}
    here.bear("worker")
    soon(lambda: here.ask("select count(*) from ledger_unplaced") == [(0,)])
    assert client.receipt().status == 202, "placed, but one cosigner is still away"
    place = here.ask("select max(position) from ledger_leaf where stream = 'centre'")[0][0]
    assert "已记录，等待共签" in client.party.read(f"/proof/{place}").decode()
    here.bear("cosigner-neighbour")
    soon(lambda: client.receipt().status == 200)
    assert "已进入账本并共签" in client.party.read(f"/proof/{place}").decode()
    caught_up(here)


@pytest.mark.parametrize(("point", "what"), [("before-commit", "sequencer"), ("cosigned", "checkpoint")])
def test_the_sequencer_killed_in_its_work_places_everything_once(here, client, point, what):
    dead = here.struck(point, what, "worker")
    client.until_answered(f"第{point}问：何时踏勘现场", secrets.token_hex(16))
    dead()
    caught_up(here)


def test_a_full_disk_under_the_database_refuses_clearly_and_goes_on_when_there_is_space(here, client):
    if here.small_disk is None:
        pytest.skip("this account may not mount a small file system")
    filler = here.small_disk / "filler"
    fill(filler)
    refused = []
    for number in range(400):
        answer = client.ask(f"第{number}问：施工组织如何安排。" * 40, secrets.token_hex(16))
        if answer is not None and answer.status != 200:
            refused.append(answer)
            break
    filler.unlink()
    assert refused and refused[0].status == 503
    try:
        soon(here.answers, 15)
    except AssertionError:  # it gave up for want of space: the runbook's next step
        here.bear("postgres")
        soon(here.answers)
    client.until_answered("空间已恢复，可以继续吗", secrets.token_hex(16))
    acknowledged_once(here, client.party.server.acknowledged)
    caught_up(here)


def fill(filler: Path) -> None:
    """Take all the space there is."""
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * (1 << 20))

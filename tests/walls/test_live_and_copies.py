"""What leaves the machine while bids come in: the live stream over HTTP as every role gets it, pg_dump's copy, and the WAL."""

import contextlib
import os
import re
import secrets
import socket
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest
import uvicorn
from django.db import connection, connections
from tests import bids, journey
from tests.journey import World
from tests.people import Cast
from tests.walls import looking

from mingzheng.kernel import ports
from mingzheng.ledger import sequencing
from mingzheng.ledger.reading import stream_entries
from mingzheng.site.asgi import application
from mingzheng.site.launch.postgres import ensure_postgres
from mingzheng.site.launch.programs import find_programs
from mingzheng.site.launch.testing import CHECKOUT
from mingzheng.stages.tendering import queries as tendering

THREE = ("jia", "yi", "bing")
TRIES = 300  # bounded polls of a tenth of a second


def _sql(database, *statements):
    """Run outside every transaction, in another database."""
    given = connections["default"].settings_dict
    environment = {
        **os.environ, "PGHOST": given["HOST"], "PGPORT": str(given["PORT"]), "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"], "PGDATABASE": database,
    }  # fmt: skip
    with psycopg.connect(
        host=given["HOST"], port=given["PORT"], user=given["USER"], password=given["PASSWORD"], dbname=database, autocommit=True
    ) as plain:  # fmt: skip
        for one in statements:
            plain.execute(one)
    return environment


@pytest.fixture
def committed(django_db_setup, django_db_blocker, clock):
    """A world in a database of its own where everything is committed, so that other programs see it."""
    with django_db_blocker.unblock():
        before, name = connection.settings_dict["NAME"], f"test_mz_copy_{os.getpid()}"
        connection.close()
        _sql(
            "postgres",
            f"drop database if exists {name}",
            f"create database {name} template {os.environ['MINGZHENG_TEST_TEMPLATE']}",
        )
        try:
            connection.settings_dict["NAME"] = connections.settings["default"]["NAME"] = name
            world = World(Cast(), clock)
            world.kept["began"] = time.time()
            yield world
        finally:
            connection.close()
            connection.settings_dict["NAME"] = connections.settings["default"]["NAME"] = before
            _sql("postgres", f"drop database {name} with (force)")


@pytest.fixture
def served(committed):
    """The web process on a port of this machine, with the world's database."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(application, log_level="error", ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield committed, f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


class Listener:
    """One role's open stream: every byte it is sent, head included, as it came over the wire."""

    def __init__(self, address, lot, player, after):
        client, self.raw, self.stop = looking.visitor(player), b"", threading.Event()
        cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
        host = address.removeprefix("http://")
        self._asked = (
            f"GET /live?lots={lot}&after={after} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n\r\n".encode()
        )
        self._place = (host.partition(":")[0], int(host.partition(":")[2]))
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        with socket.create_connection(self._place) as line:
            line.sendall(self._asked)
            line.settimeout(0.2)
            while not self.stop.is_set():
                with contextlib.suppress(TimeoutError):
                    piece = line.recv(65536)
                    if not piece:
                        return
                    self.raw += piece

    def close(self):
        self.stop.set()
        self.thread.join(10)

    @property
    def positions(self):
        return [int(one) for one in re.findall(rb"id: (\d+)", self.raw)]


def _until(done):
    for _ in range(TRIES):
        if done():
            return
        time.sleep(0.1)
    raise AssertionError("never came")


def _three_bids(world):
    marked = {
        "contact": f"联系{secrets.token_hex(8)}",
        "payer": f"付款{secrets.token_hex(8)}",
        "price": f"1{secrets.randbelow(10**8):08d}.37",
    }
    jia = world.cast.by_login("jia")
    journey.three_bids(world, *(world.cast.by_login(one) for one in THREE[1:]))
    jia.do("tendering.enrol", lot=world.lot, contact=marked["contact"], phone="0990-88001234")
    account = jia.do("deposits.open_account", lot=world.lot).event.account
    ports.get("bank").pay(
        account=account, payer_name=marked["payer"], payer_account=journey.payer_account(jia),
        amount=tendering.tender(world.lot).deposit_amount,
    )  # fmt: skip
    world.settle("deposits.jobs.read_bank")
    world.offers["jia"] = bids.make(world.lot, jia, price=marked["price"])
    bids.submit(world.lot, world.offers["jia"])
    world.settle("none")
    return marked


def _public_positions(world):
    return [one.position for one in stream_entries(f"lot:{world.lot}") if one.position is not None]


@pytest.mark.clause("RG-4.1-3")
def test_the_live_stream_of_every_role_is_the_same_in_the_same_order_and_names_and_counts_nobody_while_bids_come_in(
    served,
):
    world, address = served
    journey.register(world)
    journey.announce(world)
    world.settle("none")  # the worker fixes the sealing terms: nothing public is left to do
    start = _public_positions(world)[0] - 1
    cast = world.cast
    roles = {
        "public": None, "bidder": cast.by_login("ding"), "owner": cast.owner, "agency": cast.agency, "staff": cast.staff,
        "witness": cast.witness, "supervisor": cast.supervisor, "archivist": cast.archivist, "operator": cast.operator,
    }  # fmt: skip
    listening = {who: Listener(address, world.lot, player, start) for who, player in roles.items()}
    known = len(_public_positions(world))
    _until(lambda: all(len(one.positions) == known for one in listening.values()))
    marked = _three_bids(world)
    assert len(_public_positions(world)) == known, "what bidders do leaves no public entry"
    world.cast.agency.do("tendering.publish_clarification", lot=world.lot, changes=["图纸 S-14 更新。"])
    sequencing.step()
    wanted = _public_positions(world)
    assert len(wanted) > known
    _until(lambda: all(len(one.positions) == len(wanted) for one in listening.values()))
    late = Listener(address, world.lot, cast.by_login("wu"), start)
    _until(lambda: len(late.positions) == len(wanted))
    for who, one in {**listening, "late": late}.items():
        one.close()
        assert one.raw.startswith(b"HTTP/1.1 200"), who
        assert one.positions == wanted, who
    hidden = looking.secrets_of(world, [cast.by_login(one) for one in THREE])
    hidden |= looking.ids_of([cast.by_login(one) for one in THREE])
    hidden |= {label: looking.written(text) for label, text in marked.items()}
    for who, one in {**listening, "late": late}.items():
        assert looking.hits(one.raw, hidden) == {}, who


def _data_folder():
    """Where the server of this checkout keeps its files; only its administrator may ask."""
    server = ensure_postgres(CHECKOUT, instead=os.environ["MINGZHENG_TEST_SERVER"])
    try:
        with psycopg.connect(server.administrator_url) as plain:
            return plain.execute("show data_directory").fetchone()[0]
    finally:
        server.stop()


@pytest.mark.clause("RG-4.1-3")
def test_what_pg_dump_and_the_write_ahead_log_hold_tells_no_name_payer_price_or_content_without_the_keys(committed):
    world = committed
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_wal_lsn()")
        (begun,) = cursor.fetchone()
    journey.register(world)
    journey.announce(world)
    marked = _three_bids(world)
    with connection.cursor() as cursor:
        cursor.execute("select pg_walfile_name(%s::pg_lsn), pg_walfile_name(pg_current_wal_lsn())", [begun])
        first, last = cursor.fetchone()
    hidden = looking.secrets_of(world, [world.cast.by_login(one) for one in THREE])
    hidden |= {label: looking.written(text) for label, text in marked.items()}

    environment = _sql(connection.settings_dict["NAME"])
    done = subprocess.run(
        [find_programs().folder / "pg_dump", "--no-password"],
        env=environment,
        capture_output=True,
        check=True,
    )
    raw = done.stdout
    plain = raw + b"".join(bytes.fromhex(one.decode()) for one in re.findall(rb"\\\\x((?:[0-9a-f]{2})+)", raw))
    assert looking.hits(plain, {"the search itself": looking.written("云州市第二污水处理厂扩建工程")})
    assert looking.hits(plain, hidden) == {}

    alone = {label: looking.written(text) for label, text in marked.items()} | looking.contents_of(world.offers["jia"])
    alone = {label: forms for label, forms in alone.items() if label in (*marked, "price", "content", "key")}
    files = [
        one
        for one in sorted(Path(_data_folder(), "pg_wal").iterdir())
        if first <= one.name <= last and len(one.name) == 24
    ]
    log = b"".join(one.read_bytes() for one in files)
    assert str(world.lot).encode() in log or world.lot.bytes in log, "the search itself"
    assert looking.hits(log, alone) == {}

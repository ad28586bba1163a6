"""Files of opened bids: looked at before anybody opens one; with a virus scanner connected none passes it unseen."""

import io
import os
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pikepdf
import pytest
from tests import journey
from tests.played import played
from tests.walls import looking

from mingzheng.adapters.scanning import Clamd, FileScanner
from mingzheng.kernel import ports
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger.entries import stored_stream
from mingzheng.ledger.reading import stream_entries
from mingzheng.site.demo.paper import small_pdf
from mingzheng.site.ports.scanner import address_of
from mingzheng.stages.opening import jobs
from mingzheng.stages.opening import queries as opening

VIRUS = b"mingzheng test virus: harmless, known to our own signature file alone"
SIGNATURE = f"Mingzheng.Test:0:*:{VIRUS.hex()}\n"
CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
PATIENCE = 400  # times 50 ms until the scanner listens: it reads its signatures first


def scripted() -> bytes:
    made, out = pikepdf.open(io.BytesIO(small_pdf("offer", []))), io.BytesIO()
    made.Root.OpenAction = made.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
    made.save(out)
    return out.getvalue()


def infected() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("清单.txt", VIRUS)
    return out.getvalue()


FILES = {
    "施工组织设计.pdf": small_pdf("offer", [1]),
    "动态.pdf": scripted(),
    "清单.zip": infected(),
    "图纸.dwg": b"AC1032\0\0",
}
kept_read, read_lot = played("opened", "read_lot", three_bids={"files": FILES})


@pytest.fixture
def seated(read_lot):
    """A committee that scores: its members may open files."""
    journey.committee(read_lot)
    return read_lot


@pytest.fixture
def clamd(tmp_path):
    """Debian's daemon with our own signature alone, on a socket of its own; `.stop()` and `.start()`."""
    if CLAMD is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no clamd: scripts/clamav.sh brings it")
        pytest.skip("no clamd: scripts/clamav.sh brings it")
    daemon = Daemon(tmp_path)
    daemon.start()
    yield daemon
    daemon.stop()


class Daemon:
    def __init__(self, folder):
        self.socket, self.config, signatures = folder / "clamd.sock", folder / "clamd.conf", folder / "signatures"
        signatures.mkdir()
        (signatures / "own.ndb").write_text(SIGNATURE)
        self.config.write_text(
            f"DatabaseDirectory {signatures}\nLocalSocket {self.socket}\nForeground yes\nStreamMaxLength 1M\n"
            f"TemporaryDirectory {folder}\nMaxThreads 2\nConcurrentDatabaseReload no\nUser {_me()}\n"
        )
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [CLAMD, "-c", self.config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(PATIENCE):
            if self.socket.exists() and not Clamd(str(self.socket)).look(io.BytesIO(b"x")):
                return
            assert self.process.poll() is None, "clamd has ended"
            time.sleep(0.05)
        raise AssertionError("clamd does not listen")

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        self.socket.unlink(missing_ok=True)


def _me():
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture
def connect():
    """Connect a scanner by the setting's text, as the site wires it; the platform's own check afterwards."""
    before = ports.get("scanner")
    yield lambda named: ports.use("scanner", FileScanner(Clamd(address_of(str(named)), timeout=20)))
    ports.use("scanner", before)


def _check_all():
    return [None for _ in range(50) if jobs.check_files()]


def _states(world, login="jia"):
    bid = world.offers[login].bid
    return {one["name"]: one["check"].state for one in opening.parts(world.lot, bid)}


def _get(world, name, player=None):
    bid = world.offers["jia"].bid
    part = next(one["part"] for one in opening.parts(world.lot, bid) if one["name"] == name)
    return looking.visitor(player or journey.members(world)[0]).get(
        f"/lots/{world.lot}/evaluation/bids/{bid}/{part}", headers={"accept": "application/json"}
    )


def test_without_a_scanner_files_wait_for_our_own_check_and_the_page_says_that_none_is_connected(seated):
    world = seated
    last = [*FILES][-1]  # the worker has looked at the first already
    assert _states(world)[last] == "waiting"
    assert _get(world, last).json()["refused"] == "opening.file-not-checked"
    _check_all()
    assert _states(world) == {
        "施工组织设计.pdf": "clear",
        "动态.pdf": "warned",
        "清单.zip": "clear",
        "图纸.dwg": "warned",
    }
    page = looking.visitor(journey.members(world)[0]).get(f"/lots/{world.lot}/evaluation").content.decode()
    for word in ("未连接病毒扫描器", "PDF 中含脚本", "不是常用的文件类型", "仅供下载", "已检查"):
        assert word in page, word
    assert jobs.check_files() == 0


def test_only_a_clean_paper_opens_in_the_browser_and_nothing_in_it_may_run_there(seated):
    _check_all()
    paper = _get(seated, "施工组织设计.pdf")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    assert b"".join(paper.streaming_content) == FILES["施工组织设计.pdf"]
    assert (
        "script-src" not in paper["Content-Security-Policy"]
        and "default-src 'none'" in paper["Content-Security-Policy"]
    )
    for name in ("动态.pdf", "图纸.dwg", "清单.zip"):
        kept = _get(seated, name)
        assert (kept["Content-Type"], kept["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff"), name
        assert kept["Content-Disposition"].startswith("attachment"), name
        assert b"".join(kept.streaming_content) == FILES[name]


def test_what_a_check_found_stands_in_the_bidders_own_stream_once(seated):
    world = seated
    _check_all()
    dealing = next(one.dealing for one in opening.opened_bids(world.lot) if one.bid == world.offers["jia"].bid)
    found = [e.event for e in stream_entries(stored_stream(f"dealing:{dealing}")) if e.kind == "opening.file-checked"]
    assert sorted((one.outcome, one.findings) for one in found) == [
        ("clear", ("scanner.none",)), ("clear", ("scanner.none",)),
        ("warned", ("pdf.javascript", "scanner.none")), ("warned", ("scanner.none", "type.not-allowed")),
    ]  # fmt: skip


def test_a_connected_scanner_holds_what_it_knows_and_lets_the_rest_pass(seated, connect, clamd):
    world = seated
    connect(clamd.socket)
    _check_all()
    assert _states(world) == {
        "施工组织设计.pdf": "clear",
        "动态.pdf": "warned",
        "清单.zip": "held",
        "图纸.dwg": "warned",
    }
    held = _get(world, "清单.zip").json()
    assert held["refused"] == "opening.file-held" and "Mingzheng.Test" in held["what"]
    assert _get(world, "施工组织设计.pdf").status_code == 200
    page = looking.visitor(journey.members(world)[0]).get(f"/lots/{world.lot}/evaluation").content.decode()
    assert "病毒扫描器（clamav）" in page and "不予放行" in page and "未连接病毒扫描器" not in page


def test_while_the_scanner_is_down_no_file_is_given_out_and_afterwards_all_are_checked(seated, connect, clamd):
    """Also files checked before a scanner was connected: what it has not seen does not pass."""
    world = seated
    _check_all()
    clamd.stop()
    connect(clamd.socket)
    assert set(_states(world).values()) == {"waiting"}
    assert len(_check_all()) == 3 * len(FILES)  # asked once each, then not again for a minute
    assert set(_states(world).values()) == {"waiting"}
    assert _get(world, "施工组织设计.pdf").json()["refused"] == "opening.file-not-checked"
    page = looking.visitor(journey.members(world)[0]).get(f"/lots/{world.lot}/evaluation").content.decode()
    assert "扫描器没有应答，自动重试" in page
    clamd.start()
    assert jobs.check_files() == 0
    world.clock.forward(seconds=61)
    _check_all()
    assert _states(world)["施工组织设计.pdf"] == "clear" and _states(world)["清单.zip"] == "held"


def test_a_file_larger_than_the_scanner_takes_is_not_given_out(clamd):
    seen = FileScanner(Clamd(str(clamd.socket), timeout=20)).scan("a.xml", b"<a>" + b"x" * (2 << 20) + b"</a>")
    assert "scanner.unavailable" in {one.code for one in seen.findings}


def test_nobody_but_the_committee_asks_for_a_file_and_before_the_reading_act_nobody_does(seated):
    _check_all()
    for player in (
        seated.cast.bidder,
        seated.cast.rival,
        seated.cast.staff,
        seated.cast.agency,
        seated.cast.supervisor,
    ):
        assert _get(seated, "施工组织设计.pdf", player).status_code == 403, player.login
    outside = next(one for one in seated.cast.experts if one.person not in {m.person for m in journey.members(seated)})
    assert _get(seated, "施工组织设计.pdf", outside).status_code == 403
    with pytest.raises(Refused) as refused:
        opening.file_check(seated.lot, seated.lot, 1)
    assert refused.value.code == "opening.not-read-out"


def test_nothing_is_written_about_files_once_the_result_is_out(read_lot, connect):
    """A scanner connected later does not reopen what is decided: the closing entry of a file stays the last."""
    journey.evaluate(read_lot)
    _check_all()
    journey.publish(read_lot)
    connect("/nonexistent/clamd.socket")
    read_lot.clock.forward(days=1)
    assert jobs.check_files() == 0


def test_the_setting_names_a_socket_or_a_host():
    assert address_of("/run/clamav/clamd.ctl") == "/run/clamav/clamd.ctl"
    assert address_of("scanner.example:3310") == ("scanner.example", 3310)


def test_everything_a_check_can_find_has_words_of_its_own():
    import re

    from mingzheng.adapters import scanning
    from mingzheng.stages.evaluation.web.papers import FOUND

    told = "".join(path.read_text("utf-8") for path in Path(scanning.__file__).parent.glob("*.py"))
    codes = set(re.findall(r'"((?:file|type|pdf|xml|zip|xlsx|image|scanner)\.[a-z-]+)"', told))
    assert codes - set(FOUND) == {"scanner.none"}

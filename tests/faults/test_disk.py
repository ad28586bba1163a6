"""A full disk: a clear refusal, what was there stays whole, and work goes on when there is space."""

import json
import os
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from tests import journey
from tests.faults import checking

from mingzheng.adapters.storage.files import FileStore
from mingzheng.adapters.storage.port import StorageFault
from mingzheng.kernel import clock, ports
from mingzheng.site import failures
from mingzheng.site.uploads import views

SPACE = 3_000_000


class Disk:
    """A folder of limited space: `fill` takes all of it, `free` gives it back."""

    def __init__(self, folder: Path, fill: Callable[[], None], free: Callable[[], None]) -> None:
        self.folder, self.fill, self.free = folder, fill, free


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A small file system where this account may mount one, else a limit on the size of every file."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SPACE}", "tmpfs", str(folder)]
    if os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0:
        try:
            yield Disk(folder, lambda: _fill(folder / "filler"), lambda: (folder / "filler").unlink())
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=False)
        return
    with limited_files() as (fill, free):
        yield Disk(folder, fill, free)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        try:
            for size in (65536, 4096, 1):
                while file.write(b"\0" * size) == size:
                    pass
        except OSError:
            pass


@contextmanager
def limited_files() -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        yield (
            lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1])),
            lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before),
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.fixture
def store(disk: Disk) -> Iterator[FileStore]:
    usual = ports.get("store")
    made = FileStore(disk.folder / "objects")
    made.put("first", b"here before")  # folders and key are made while there is space
    ports.use("store", made)
    yield made
    ports.use("store", usual)


def test_an_upload_into_a_full_disk_keeps_what_it_had_and_goes_on_later(disk, store):
    id = store.create_upload(length=600_000, expires=clock.real() + timedelta(days=1)).id
    assert store.append(id, 0, b"a" * 200_000).offset == 200_000
    disk.fill()
    with pytest.raises(StorageFault) as full:
        store.append(id, 200_000, b"b" * 400_000)
    assert (full.value.code, full.value.offset) == ("full", 200_000)
    assert views.STATUS["full"] == 507
    disk.free()
    assert store.upload(id).offset == 200_000
    assert store.append(id, 200_000, b"b" * 400_000).complete
    assert store.finish(id, "bids/one").size == 600_000
    assert store.read("bids/one") == b"a" * 200_000 + b"b" * 400_000


def test_an_object_that_did_not_fit_is_not_there_and_the_others_are(disk, store):
    disk.fill()
    with pytest.raises(StorageFault) as full:
        store.put("second", os.urandom(500_000))
    assert full.value.code == "full"
    assert store.stat("second") is None and store.read("first") == b"here before"
    disk.free()
    assert store.put("second", b"x" * 500_000).size == 500_000


@pytest.mark.xdist_group("faults")
def test_a_paper_that_cannot_be_stored_leaves_the_act_undone_and_the_next_try_does_it(deployment, disk, store):
    journey.register(deployment)
    before = checking.rows("select count(*) from ledger_entry")
    disk.fill()
    with pytest.raises(StorageFault) as full:
        journey.announce(deployment)
    assert full.value.code == "full"
    assert checking.rows("select count(*) from ledger_entry") == before
    assert deployment.phase == "registered"
    disk.free()
    journey.announce(deployment)
    assert deployment.phase == "announced"


def test_no_space_is_answered_plainly_and_without_detail(rf):
    request = rf.get("/act/x", HTTP_ACCEPT="application/json")
    try:
        raise StorageFault("full", "No space left on device")
    except StorageFault:
        answer = failures.broken(request)
    assert answer.status_code == 507
    assert answer.headers["Retry-After"].isdigit()
    said = json.loads(answer.content)
    assert said["refused"] == "http.507" and "device" not in answer.content.decode()

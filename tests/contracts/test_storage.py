"""Objects appear whole or not at all; uploads resume where they stood; a full disk leaves nothing half-written."""

import contextlib
import multiprocessing
import resource
import threading
from datetime import timedelta

import pytest

from mingzheng.adapters.storage import FileStore, StorageFault
from mingzheng.adapters.storage.journal import JournalDamaged, SealedJournal
from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel import digest as digests


def digest(content: bytes) -> str:
    return digests.of(content)


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "objects")


@pytest.fixture
def later():
    return kernel_clock.real() + timedelta(hours=6)


def files_in(store):
    return sorted(str(p.relative_to(store.root)) for p in store.root.rglob("*") if p.is_file())


@contextlib.contextmanager
def a_disk_with_room_for(size):
    """The kernel itself refuses to let any file grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_an_object_is_read_back_as_it_was_put(store):
    stored = store.put_stream("lots/7/notice.pdf", [b"one", b"", b"two"])
    assert (stored.digest, stored.size) == (digest(b"onetwo"), 6)
    assert store.read("lots/7/notice.pdf") == b"onetwo"
    assert store.stat("lots/7/notice.pdf") == stored


def test_the_same_content_may_be_put_again_but_other_content_never_replaces_it(store):
    store.put("a", b"first")
    assert store.put("a", b"first").digest == digest(b"first")
    with pytest.raises(StorageFault) as fault:
        store.put("a", b"second")
    assert fault.value.code == "exists"
    assert store.read("a") == b"first"


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../x", "a/../b", ".hidden", "a//b", "a\0b", "名", "a/" * 9 + "a", "x" * 201]
)
def test_a_name_that_could_leave_the_store_is_refused(store, name):
    for act in (lambda: store.put(name, b""), lambda: store.open(name), lambda: store.delete(name)):
        with pytest.raises(StorageFault) as fault:
            act()
        assert fault.value.code == "bad-name"


def test_what_is_not_there_is_said_to_be_unknown(store):
    assert store.stat("nothing") is None
    assert store.delete("nothing") is False
    with pytest.raises(StorageFault, match="unknown"):
        store.open("nothing")


def test_a_source_that_breaks_off_leaves_nothing_behind(store):
    def broken():
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.put_stream("bids/1", broken())
    assert files_in(store) == []


def test_a_full_disk_is_a_typed_fault_and_nothing_half_written_is_visible(store):
    with a_disk_with_room_for(4096), pytest.raises(StorageFault) as fault:
        store.put_stream("bids/1", [b"x" * 3000, b"x" * 3000])
    assert fault.value.code == "full"
    assert files_in(store) == []
    assert store.put("bids/1", b"x" * 6000).size == 6000


def test_a_deleted_object_is_gone(store):
    store.put("a", b"1")
    assert store.delete("a") is True
    assert files_in(store) == []


def test_an_upload_grows_in_pieces_and_becomes_an_object(store, later):
    upload = store.create_upload(length=10, expires=later)
    assert store.append(upload.id, 0, b"01234").offset == 5
    assert store.upload(upload.id).offset == 5
    assert store.append(upload.id, 5, [b"56", b"789"]).complete
    stored = store.finish(upload.id, "bids/2", digest=digest(b"0123456789"))
    assert store.read("bids/2") == b"0123456789"
    assert stored.size == 10
    with pytest.raises(StorageFault, match="unknown"):
        store.upload(upload.id)


def test_a_broken_connection_keeps_what_arrived_and_the_upload_goes_on_from_there(store, later):
    upload = store.create_upload(length=8, expires=later)

    def network():
        yield b"abc"
        raise TimeoutError

    with pytest.raises(TimeoutError):
        store.append(upload.id, 0, network())
    assert store.upload(upload.id).offset == 3
    store.append(upload.id, 3, b"defgh")
    assert store.finish(upload.id, "x").digest == digest(b"abcdefgh")


def test_bytes_for_another_place_are_refused_and_the_right_place_is_told(store, later):
    upload = store.create_upload(length=8, expires=later)
    store.append(upload.id, 0, b"abcd")
    for wrong in (0, 3, 5):
        with pytest.raises(StorageFault) as fault:
            store.append(upload.id, wrong, b"xx")
        assert (fault.value.code, fault.value.offset) == ("offset", 4)


def test_more_bytes_than_announced_are_refused_without_a_trace(store, later):
    upload = store.create_upload(length=4, expires=later)
    store.append(upload.id, 0, b"ab")
    with pytest.raises(StorageFault) as fault:
        store.append(upload.id, 2, [b"c", b"defg"])
    assert (fault.value.code, fault.value.offset) == ("too-long", 2)
    assert store.upload(upload.id).offset == 2


def test_of_two_requests_at_once_one_writes_and_the_other_is_told_busy(store, later):
    upload = store.create_upload(length=6, expires=later)
    inside, go_on = threading.Event(), threading.Event()

    def slow():
        yield b"abc"
        inside.set()
        assert go_on.wait(5)
        yield b"def"

    first = threading.Thread(target=store.append, args=(upload.id, 0, slow()))
    first.start()
    assert inside.wait(5)
    for act in (lambda: store.append(upload.id, 3, b"xyz"), lambda: store.finish(upload.id, "n")):
        with pytest.raises(StorageFault) as fault:
            act()
        assert fault.value.code == "busy"
    go_on.set()
    first.join()
    assert store.finish(upload.id, "n").digest == digest(b"abcdef")


def test_an_incomplete_or_changed_upload_does_not_become_an_object(store, later):
    upload = store.create_upload(length=4, expires=later)
    store.append(upload.id, 0, b"ab")
    with pytest.raises(StorageFault, match="incomplete"):
        store.finish(upload.id, "n")
    store.append(upload.id, 2, b"cd")
    with pytest.raises(StorageFault, match="digest"):
        store.finish(upload.id, "n", digest=digest(b"other"))
    assert store.stat("n") is None
    assert store.finish(upload.id, "n", digest=digest(b"abcd")).size == 4


def test_finishing_twice_gives_the_same_answer(store, later):
    upload = store.create_upload(length=2, expires=later)
    store.append(upload.id, 0, b"ab")
    first = store.finish(upload.id, "n", digest=digest(b"ab"))
    assert store.finish(upload.id, "n", digest=digest(b"ab")) == first


def test_a_full_disk_in_mid_upload_loses_nothing_that_was_acknowledged(store, later):
    upload = store.create_upload(length=8000, expires=later)
    store.append(upload.id, 0, b"x" * 3000)
    with a_disk_with_room_for(4096), pytest.raises(StorageFault) as fault:
        store.append(upload.id, 3000, [b"y" * 1000, b"y" * 4000])
    assert (fault.value.code, fault.value.offset) == ("full", 3000)
    assert store.upload(upload.id).offset == 3000
    store.append(upload.id, 3000, b"y" * 5000)
    assert store.finish(upload.id, "n").digest == digest(b"x" * 3000 + b"y" * 5000)


def test_a_full_disk_at_the_end_keeps_the_upload(store, later, monkeypatch):
    upload = store.create_upload(length=2, expires=later)
    store.append(upload.id, 0, b"ab")
    with a_disk_with_room_for(10), pytest.raises(StorageFault, match="full"):
        store.finish(upload.id, "n", digest=digest(b"ab"))
    assert store.finish(upload.id, "n", digest=digest(b"ab")).size == 2
    assert store.read("n") == b"ab"


def test_an_upload_ends_at_its_hour_and_is_swept_away(store, later):
    ended = store.create_upload(length=2, expires=kernel_clock.real() - timedelta(seconds=1))
    running = store.create_upload(length=2, expires=later)
    with pytest.raises(StorageFault, match="expired"):
        store.append(ended.id, 0, b"a")
    assert store.sweep() == 1
    assert store.upload(running.id).offset == 0
    assert [name for name in files_in(store) if ended.id in name] == []


def test_a_demo_whose_clock_jumps_ends_no_upload(store, later, clock):
    upload = store.create_upload(length=2, expires=later)
    clock.forward(days=400)
    assert store.append(upload.id, 0, b"ab").complete


def test_an_upload_may_be_aborted(store, later):
    upload = store.create_upload(length=2, expires=later)
    assert store.abort(upload.id) is True
    assert store.abort(upload.id) is False
    assert files_in(store) == []


def test_an_empty_upload_is_an_object_too(store, later):
    upload = store.create_upload(length=0, expires=later)
    assert store.finish(upload.id, "empty").digest == digest(b"")


def test_files_and_folders_are_for_this_account_alone(store):
    store.put("a/b", b"1")
    assert list(store.root.rglob("*"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in store.root.rglob("*"))


# Objects at rest


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_objects_are_unreadable_on_disk_and_whole_through_the_store(store, size):
    content = (b"secret name " * 20_000)[:size]
    stored = store.put_stream("documents/a.pdf", [content[i : i + 7919] for i in range(0, size, 7919)])
    assert store.read("documents/a.pdf") == content
    assert store.stat("documents/a.pdf") == stored
    assert (stored.digest, stored.size) == (digest(content), size)
    assert b"secret" not in b"".join(p.read_bytes() for p in store.root.rglob("*") if p.is_file())


def test_a_sealed_object_is_read_at_any_place(store):
    content = bytes(range(256)) * 1000
    store.put("a", content)
    with store.open("a") as source:
        for start in (0, 65_530, 131_072, 255_999, 256_000, 300_000):
            source.seek(start)
            assert source.read(100) == content[start : start + 100]
        assert source.seek(0, 2) == len(content)
        assert source.seek(-5, 1) == len(content) - 5
        assert source.read() == content[-5:]


def test_an_upload_that_looks_like_a_sealed_object_is_kept_as_it_came(store, later):
    content = b"MZOBJ1\0\0" + b"x" * 50
    upload = store.create_upload(length=len(content), expires=later)
    store.append(upload.id, 0, content)
    store.finish(upload.id, "bid")
    assert store.read("bid") == content


@pytest.mark.parametrize("spoil", ["changed", "cut", "cut short", "cut at a block", "moved", "another key"])
def test_an_object_that_was_touched_on_disk_does_not_open(store, spoil):
    store.put("a", b"x" * 200_000)
    path = store.root / "objects" / "a"
    raw = bytearray(path.read_bytes())
    name = "a"
    match spoil:
        case "changed":
            raw[100_000] ^= 1
        case "cut":
            del raw[-10:]
        case "cut short":
            del raw[30:]
        case "cut at a block":
            del raw[24 + 3 * (65_536 + 16) :]
        case "moved":
            path, name = path.with_name("b"), "b"
        case "another key":
            store._key_path.write_bytes(bytes(32))
    path.write_bytes(raw)
    with pytest.raises(OSError, match="does not open"):
        store.read(name)


def test_a_lost_note_of_the_digest_is_made_up_for(store):
    stored = store.put("a", b"x" * 100_000)
    (store.root / "digests" / "a").unlink()
    assert store.stat("a") == stored
    assert store.put("a", b"x" * 100_000) == stored


def test_the_key_of_the_store_lies_outside_its_folder_and_is_not_shown(store):
    store.put("a", b"1")
    assert store.root not in store._key_path.parents
    assert store._key_path.stat().st_mode & 0o077 == 0
    assert store._key_path.read_bytes().hex() not in repr(store) + repr(vars(store))


# The journal of the demo bank and the outbox


@pytest.fixture
def journal(tmp_path):
    return SealedJournal(tmp_path / "bank" / "journal.jsonl", tmp_path / "keys" / "bank.key")


def again(journal):
    return SealedJournal(journal.path, journal._key_path)


def test_a_journal_is_read_back_by_another_process_and_unreadable_without_its_key(journal):
    journal.append({"payer": "丙水务建设有限公司", "amount": "800000.00"})
    journal.append({"payer": "乙"})
    assert again(journal).records() == [{"payer": "丙水务建设有限公司", "amount": "800000.00"}, {"payer": "乙"}]
    raw = journal.path.read_bytes()
    assert "丙".encode() not in raw and b"800000" not in raw
    lengths = {len(line) for line in raw.splitlines()}
    assert len(lengths) == 1, "the length of a name does not show"
    journal._key_path.write_bytes(bytes(32))
    with pytest.raises(JournalDamaged):
        again(journal).records()


def test_a_changed_moved_or_missing_line_is_found_and_named(journal):
    for number in range(3):
        journal.append({"n": str(number)})
    lines = journal.path.read_bytes().splitlines(keepends=True)
    for spoiled in ([lines[1], lines[0], lines[2]], [lines[0], lines[2]], [lines[0], lines[1][:-8] + b"AAAAAA=\n"]):
        journal.path.write_bytes(b"".join(spoiled))
        with pytest.raises(JournalDamaged, match=r"line [12]"):
            again(journal).records()


def test_half_a_line_of_a_killed_process_does_no_harm(journal):
    journal.append({"n": "1"})
    with journal.path.open("ab") as file:
        file.write(b"2 AAAA")
    other = again(journal)
    assert other.records() == [{"n": "1"}]
    other.append({"n": "2"})
    assert again(journal).records() == [{"n": "1"}, {"n": "2"}]


def _write_many(path, key, mark):
    journal = SealedJournal(path, key)
    for number in range(20):
        journal.append({"from": mark, "n": str(number)})


def test_several_processes_may_write_one_journal(journal):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(journal.path, journal._key_path, m)) for m in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(journal.records()) == 60


def test_a_full_disk_does_not_damage_the_journal(journal):
    journal.append({"n": "1"})
    with a_disk_with_room_for(600), pytest.raises(StorageFault, match="full"):
        journal.append({"n": "2"})
    journal.append({"n": "3"})
    assert again(journal).records() == [{"n": "1"}, {"n": "3"}]


def test_a_journal_does_not_show_its_key(journal):
    journal.append({"n": "1"})
    assert journal._key_path.read_bytes().hex() not in repr(journal) + repr(vars(journal))
    assert journal._key_path.stat().st_mode & 0o077 == 0

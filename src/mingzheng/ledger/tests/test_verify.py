"""The verifier's own arithmetic against published vectors, and its calm before hostile input."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzheng.kernel import canonical, digest
from mingzheng.ledger import notes, packing, receipts, tree, verify
from mingzheng.ledger.tests import forging

# RFC 8032 section 7.1: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2465"
        "5141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb0"
        "0d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc0"
        "27beceea1ec40a",
    ),
]
# RFC 6979 A.2.5 (P-256, SHA-256): the key, then message, r || s.
RFC_6979_KEY = (
    "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
    "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"
)
RFC_6979 = [
    (
        b"sample",
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
    ),
    (
        b"test",
        "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
        "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_ed25519_verifies_the_published_signatures_and_no_neighbours(public: str, message: str, signature: str) -> None:
    key, text, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify.ED25519.verify(key, text, signed)
    assert not verify.ED25519.verify(key, text + b"x", signed)
    for place in (0, 31, 32, 63):
        spoilt = bytearray(signed)
        spoilt[place] ^= 1
        assert not verify.ED25519.verify(key, text, bytes(spoilt))


def test_ed25519_refuses_what_the_standard_refuses() -> None:
    key, _, signature = (bytes.fromhex(part) for part in RFC_8032[0])
    s = int.from_bytes(signature[32:], "little") + verify.ED25519.order
    assert not verify.ED25519.verify(key, b"", signature[:32] + s.to_bytes(32, "little"))
    assert not verify.ED25519.verify(key, b"", signature[:-1])
    assert not verify.ED25519.verify(key[:-1], b"", signature)
    assert verify.ED25519.decode((2**255 - 18).to_bytes(32, "little")) is None
    assert verify.ED25519.decode((1 | 1 << 255).to_bytes(32, "little")) is None
    assert verify.ED25519.decode((2).to_bytes(32, "little")) is None


@pytest.mark.parametrize(("message", "signature"), RFC_6979)
def test_p256_verifies_the_published_signatures_and_no_neighbours(message: bytes, signature: str) -> None:
    key, signed = bytes.fromhex(RFC_6979_KEY), bytes.fromhex(signature)
    assert verify.P_256.verify(key, message, signed)
    assert not verify.P_256.verify(key, message + b"x", signed)
    for place in (0, 31, 32, 63):
        spoilt = bytearray(signed)
        spoilt[place] ^= 1
        assert not verify.P_256.verify(key, message, bytes(spoilt))


def test_p256_refuses_what_the_standard_refuses() -> None:
    key, (message, text) = bytes.fromhex(RFC_6979_KEY), RFC_6979[0]
    signed, order = bytes.fromhex(text), verify.P_256.order
    for r, s in ((0, 1), (1, 0), (order, 1), (1, order), (0, 0)):
        assert not verify.P_256.verify(key, message, r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    for wrong in (key[:-1], b"\x02" + key[1:], key[:-1] + bytes([key[-1] ^ 1]), bytes(65), b""):
        assert not verify.P_256.verify(wrong, message, signed)
    assert not verify.P_256.verify(key, message, signed + b"\x00")


@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=40), st.integers(1, 2**200))
def test_both_curves_agree_with_openssl(message: bytes, secret: int) -> None:
    signer = notes.NoteSigner.from_seed("x", secret.to_bytes(32, "big"))
    assert verify.ED25519.verify(signer.key.public, message, signer._private.sign(message))
    private = ec.derive_private_key(secret, ec.SECP256R1())
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    signed = forging.raw_signature(private.sign(message, ec.ECDSA(hashes.SHA256())))
    assert verify.P_256.verify(public, message, signed)
    assert not verify.P_256.verify(public, message + b"!", signed)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_what_the_house_writes_the_verifier_renders_to_the_same_bytes(value: object) -> None:
    assert verify.parse(canonical.dumps(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a":1,"a":1}',
        '{"b":1,"a":1}',
        '{"a": 1}',
        "1.0",
        "1e3",
        "-0",
        "01",
        "NaN",
        "Infinity",
        "9007199254740992",
        "-9007199254740992",
        "9" * 10_000,
        '"\\u0041"',
        '"\\ud800"',
        '"\\/"',
        '"\x7f\\u007f"',
        "[" * 100_000 + "]" * 100_000,
        '{"\ue000":1,"\U00010000":1}',
        "true ",
        "\ufeff1",
    ],
)
def test_any_other_spelling_of_json_is_refused(text: str) -> None:
    with pytest.raises(verify.Wrong):
        verify.parse(text)


@given(st.text())
def test_no_text_breaks_the_readers_of_notes_and_keys(text: str) -> None:
    for read in (verify.parse_note, verify.parse_vkey, verify.unbase64, verify.Trust(False).checkpoint):
        try:
            read(text)
        except verify.Wrong:
            continue
        assert read is verify.unbase64


def test_notes_and_keys_are_read_alike_by_both_programs() -> None:
    book = forging.play(forging.Book(), 1)
    origin, size, root, cosigners = verify.Trust(False).checkpoint(book.note())
    head = book.log().head
    assert (origin, size, root, cosigners) == (head.origin, head.size, head.root, [])
    for key in (forging.ours().log.key, forging.ours().supervisor.key):
        (name, key_id), read = verify.parse_vkey(key.vkey())
        assert (name, key_id, read.public, read.digest) == (key.name, key.id, key.public, digest.current())
        assert verify.KINDS[read.kind][2] == (key.kind == notes.COSIGNER)


def test_proofs_are_judged_alike_by_both_programs() -> None:
    hashes_ = [tree.leaf_hash(b"%d" % n) for n in range(40)]
    read: tree.TileReader = lambda level, index: hashes_  # noqa: E731
    roots = [tree.root_of(hashes_[:size]) for size in range(41)]
    name = digest.current()
    assert [verify.root_of(name, hashes_[:size]) for size in range(41)] == roots
    for size in range(1, 41):
        for place in range(size):
            proof = tree.inclusion_proof(read, place, size)
            assert verify.included(name, hashes_[place], place, size, proof, roots[size])
            assert not verify.included(name, hashes_[place], (place + 1) % size, size, proof, roots[size]) or size == 1
            assert not verify.included(name, hashes_[place], place, size, [*proof, bytes(32)], roots[size])
        for old in range(size + 1):
            proof = tree.consistency_proof(read, old, size)
            assert verify.consistent(name, old, roots[old], size, roots[size], proof)
            assert not verify.consistent(name, old, bytes(32), size, roots[size], proof)
            assert not verify.consistent(name, old, roots[old], size, roots[size], [*proof, bytes(32)])


@pytest.fixture(scope="module")
def folder(suite: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive in its own folder, with trust.txt and checkpoints beside it."""
    top = tmp_path_factory.mktemp("verify")
    book = forging.play(forging.Book())
    forging.archive(top / "archive", book)
    (top / "trust.txt").write_text(forging.ours().trust, "utf-8")
    return top


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env={"LC_ALL": "C"})


def test_an_archive_checks_itself_with_plain_python(folder: Path) -> None:
    alone = run(folder / "archive" / "verify.py")
    assert (alone.returncode, alone.stderr) == (0, "")
    assert "来源未证明 / consistent, origin not proven" in alone.stdout
    proven = run(folder / "archive" / "verify.py", "--trust", folder / "trust.txt")
    assert proven.returncode == 0
    assert "来源已证明 / consistent, origin proven" in proven.stdout
    assert "neighbour, supervisor" in proven.stdout


def test_without_cosigners_the_verdict_claims_no_witness(folder: Path) -> None:
    log = [line for line in (folder / "trust.txt").read_text("utf-8").splitlines() if line.startswith("log ")]
    (folder / "alone.txt").write_text("\n".join(log) + "\n", "utf-8")
    said = verify.verdict(verify.verify(str(folder / "archive"), str(folder / "alone.txt")))
    assert "来源已证明 / consistent, origin proven" in said
    assert "no cosignature checked: a second history is possible" in said
    assert "cosigned by" not in said
    assert "by keys that came with it" in verify.verdict(verify.verify(str(folder / "archive")))


def test_the_verdict_is_there_for_programs_too(folder: Path) -> None:
    done = run(verify.__file__, "--json", "--trust", folder / "trust.txt", folder / "archive")
    said = json.loads(done.stdout)
    assert (said["ok"], said["proven"], said["findings"], said["origin"]) == (True, True, [], forging.ORIGIN)
    assert said["entries"] == sum(p.read_bytes().count(b"\n") for p in (folder / "archive/ledger/streams").iterdir())
    assert said["signatures"] > 10


def test_the_verifier_imports_nothing_but_the_standard_library() -> None:
    source = Path(verify.__file__).read_text("utf-8")
    imported = {
        line.split()[1].partition(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= set(sys.stdlib_module_names)


def spoil(top: Path, change: Callable[[Path], object]) -> verify.Report:
    """The verdict on a fresh archive after `change`."""
    target = forging.archive(top / "spoilt", forging.play(forging.Book(), 1))
    change(target)
    return verify.verify(str(target))


def write_through(path: Path, text: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


HOSTILE: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "unlisted file": (lambda f: write_through(f / "documents/extra.txt", b"x"), "documents/extra.txt", "unlisted"),
    "hidden file": (lambda f: write_through(f / ".hidden", b"x"), ".hidden", "unlisted"),
    "link to a file": (lambda f: (f / "link").symlink_to("/etc/hostname"), "link", "not-a-file"),
    "link to a folder": (lambda f: (f / "loop").symlink_to(f), "loop", "not-a-file"),
    "pipe": (lambda f: os.mkfifo(f / "pipe"), "pipe", "not-a-file"),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "manifest.json", "missing"),
    "no signature": (lambda f: (f / "manifest.sig").unlink(), "manifest.sig", "missing"),
    "no checkpoint": (lambda f: (f / "ledger/checkpoint.txt").unlink(), "ledger/checkpoint.txt", "missing"),
    "no keys": (lambda f: (f / "keys.json").unlink(), "keys.json", "missing"),
    "deep JSON": (lambda f: write_through(f / "manifest.json", b"[" * 200_000), "manifest.json", "json"),
    "huge number": (lambda f: write_through(f / "keys.json", b"1" * 200_000), "keys.json", "json"),
    "no UTF-8": (lambda f: write_through(f / "manifest.json", b"\xff\xfe"), "manifest.json", "utf8"),
    "empty manifest": (lambda f: write_through(f / "manifest.json", b""), "manifest.json", "json"),
    "manifest of null": (lambda f: write_through(f / "manifest.json", b"null"), "manifest.json", "shape"),
    "surrogates": (lambda f: write_through(f / "keys.json", b'"\\ud800"'), "keys.json", "canonical"),
    "short leaves": (lambda f: write_through(f / "ledger/leaves.bin", b"x"), "ledger/leaves.bin", "leaves"),
    "note of dashes": (
        lambda f: write_through(f / "ledger/checkpoint.txt", b"\n\n\n"),
        "ledger/checkpoint.txt",
        "note",
    ),
    "stream of nothing": (
        lambda f: write_through(f / packing.stream_path(forging.LOT), b"\n\n"),
        packing.stream_path(forging.LOT),
        "json",
    ),
    "stream without its last newline": (
        lambda f: write_through(p := f / packing.stream_path(forging.LOT), p.read_bytes()[:-1]),
        packing.stream_path(forging.LOT),
        "canonical",
    ),
    "something after a blank line": (
        lambda f: write_through(p := f / packing.stream_path(forging.LOT), p.read_bytes() + b"\n{}\n"),
        packing.stream_path(forging.LOT),
        "json",
    ),
    "stranger's stream": (
        lambda f: write_through(f / "ledger/streams/x.jsonl", b"[]\n"),
        "ledger/streams/x.jsonl",
        "shape",
    ),
    "anchors out of form": (
        lambda f: write_through(f / "ledger/anchors.jsonl", b"{}\n"),
        "ledger/anchors.jsonl",
        "shape",
    ),
    "promises out of form": (
        lambda f: write_through(f / "ledger/promises.jsonl", b"[1"),
        "ledger/promises.jsonl",
        "canonical",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_folders_get_a_verdict_that_names_the_place(name: str, tmp_path: Path) -> None:
    change, file, code = HOSTILE[name]
    found = {(item["file"], item["code"]) for item in spoil(tmp_path, change).findings}
    assert (file, code) in found


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "a//b", "a/./b", "a\\b", "a\nb", ""])
def test_a_manifest_cannot_point_out_of_its_folder(path: str, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        manifest["files"] = sorted([*manifest["files"], {"digest": digest.of(b""), "path": path, "size": 0}], key=str)
        (folder / "manifest.json").write_text(canonical.dumps(manifest), "utf-8")

    assert ("manifest.json", "path") in {(item["file"], item["code"]) for item in spoil(tmp_path, change).findings}


def test_files_cannot_print_a_verdict_of_their_own(tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        (folder / "a\n✓ consistent\x1b[2J").write_text("x")

    said = verify.verdict(spoil(tmp_path, change))
    assert "\x1b" not in said
    assert not any(line.startswith("✓") for line in said.splitlines())


def test_names_that_are_no_text_are_reported(tmp_path: Path) -> None:
    target = forging.archive(tmp_path / "spoilt", forging.play(forging.Book(), 1))
    Path(os.fsdecode(os.fsencode(target) + b"/\xff\xfe")).write_text("x")
    for arguments in ([], ["--json"]):
        done = run(verify.__file__, target, *arguments)
        assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("content", [None, b"", b"null", b"{}", b"[" * 100_000, b"\xff", b"9" * 9000, b'{"cell":NaN}'])
def test_a_receipt_that_is_none_gets_a_verdict(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    if content is not None:
        path.write_bytes(content)
    done = run(verify.__file__, path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "✗ 不通过 / REFUSED" in done.stdout


def test_an_empty_folder_and_wrong_key_files_are_refused(folder: Path, tmp_path: Path) -> None:
    assert verify.verify(str(tmp_path)).findings[0]["code"] == "empty"
    archive = str(folder / "archive")
    for text in ("", "log x\n", "nonsense\n", "quorum 0\n", f"cosigner {forging.ours().log.key.vkey()}\n", "\udcff"):
        keys = tmp_path / "keys.txt"
        keys.write_bytes(text.encode("utf-8", "surrogateescape"))
        assert verify.verify(archive, str(keys)).findings[0]["code"] in ("keys", "utf8")
    assert verify.verify(archive, str(tmp_path / "none")).findings[0]["code"] == "unreadable"
    assert verify.verify(archive, None, str(tmp_path / "none")).findings[0]["code"] == "unreadable"
    keys.write_text("not a checkpoint", "utf-8")
    assert verify.verify(archive, None, str(keys)).findings[0]["code"] == "note"


def receipt_of(book: forging.Book, stream: str, number: int) -> str:
    item = book.items()[stream][number - 1]
    proof = tuple(tree.inclusion_proof(book.log().read, item.position, len(book.leaves)))
    promise = receipts.make_promise(
        forging.ours().receipts, item.entry.name, forging.ORIGIN, json.loads(item.entry.text)["at"]
    )
    return receipts.make_receipt(promise, item.entry, receipts.Place(item.position, proof, item.cell), book.note())


@pytest.mark.parametrize("stream", [forging.LOT, "sealed:00000000-0000-4000-8000-000000000000"])
def test_a_receipt_is_proven_and_every_flipped_byte_of_it_is_refused(stream: str, folder: Path, tmp_path: Path) -> None:
    text = receipt_of(forging.play(forging.Book()), stream, 2).encode()
    path, trust = tmp_path / "receipt.json", str(folder / "trust.txt")
    path.write_bytes(text)
    assert verify.verify(str(path), trust).findings == []
    assert "origin not proven" in verify.verdict(verify.verify(str(path)))
    opened = "inner" in text.decode() or not stream.startswith("sealed:")
    assert verify.verify(str(path), trust).unchecked == int(opened), (
        "the act's signature cannot be checked in a receipt"
    )
    for place in range(0, len(text), 23):
        path.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
        assert verify.verify(str(path), trust).findings, place


def test_a_receipt_is_compared_with_a_kept_checkpoint_of_its_size(folder: Path, tmp_path: Path) -> None:
    book, other = forging.play(forging.Book()), forging.play(forging.Book(lambda kind, body: {**body, "x": 1}))
    path, kept = tmp_path / "receipt.json", tmp_path / "kept.txt"
    path.write_text(receipt_of(book, forging.LOT, 1), "utf-8")
    trust = str(folder / "trust.txt")
    for note, code in (
        (book.note(), None),
        (other.note(), "forked"),
        (forging.play(forging.Book(), 1).note(), "no-proof"),
    ):
        kept.write_text(note, "utf-8")
        codes = [item["code"] for item in verify.verify(str(path), trust, str(kept)).findings]
        assert codes == ([code] if code else [])

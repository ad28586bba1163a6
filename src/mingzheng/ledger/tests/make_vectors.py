"""Write the test vectors of docs/formats into ledger/vectors: `python -m mingzheng.ledger.tests.make_vectors`.

Everything is deterministic, and test_verify_vectors.py compares the committed files with what is written here.
"""

import base64
import json
import random
import tempfile
from pathlib import Path
from typing import Any

from mingzheng.kernel import canonical, digest
from mingzheng.ledger import cells, notes, receipts, tree, verify
from mingzheng.ledger.tests import forging

FOLDER = Path(__file__).parent.parent / "vectors"
GM = FOLDER / "gm-1"
SEALED = "sealed:00000000-0000-4000-8000-000000000000"
AT = "2026-03-02T09:00:00.000000+08:00"


class Slots(random.Random):
    """Puts entries at known slots."""

    def sample(self, population: Any, k: int, *, counts: Any = None) -> list[Any]:
        return [4660, 65535, 0][:k]


def book() -> forging.Book:
    return forging.play(forging.Book(), bidders=1)


def entry() -> dict[str, Any]:
    """A public entry, a sealed one with its opening, and what is wrong with some others."""
    played = book()
    first, second = played.streams[forging.LOT][:2]
    hidden = played.streams[SEALED][1]
    shown = json.loads(first.text)
    assert hidden.inner is not None
    assert hidden.salt is not None
    return {
        "public": [{"digest": item.name, "text": item.text} for item in (first, second)],
        "sealed": {
            "commitment": json.loads(hidden.text)["sealed"],
            "digest": hidden.name,
            "inner": hidden.inner,
            "salt": hidden.salt.hex(),
            "text": hidden.text,
        },
        "refused": [
            {"text": json.dumps(shown, ensure_ascii=False, sort_keys=True), "why": "spaces after : and ,"},
            {"text": first.text.replace('"number":1', '"number":1.0'), "why": "only integers stand for numbers"},
            {"text": first.text.replace('"number":1', '"number":1,"number":1'), "why": "a name twice"},
            {"text": canonical.dumps({**shown, "more": 1}), "why": "a field the format does not have"},
            {"text": canonical.dumps({**shown, "at": AT.replace("+08:00", "Z")}), "why": "time not in +08:00"},
            {"text": canonical.dumps({**shown, "stream": "sealed:x"}), "why": "a public entry in a sealed stream"},
        ],
        "signature": {
            "certificate_der": notes.base64_text(forging.ours().certificates[0]),
            "public_key_hex": verify.public_key(forging.ours().certificates[0])[-65:].hex(),
            "signature": shown["signature"],
        },
    }


def cell() -> dict[str, Any]:
    """One cell of three entries at known slots, made from a known secret."""
    digests, secret = [tree.leaf_hash(name) for name in (b"a", b"b", b"c")], bytes(range(32))
    text, places = cells.make_cell(7, digests, secret, Slots())
    empty, _ = cells.make_cell(8, [], secret)
    shown = [{"digest": digest.named(digest.current(), d), **_place(places[d])} for d in digests]
    return {
        "digest": digest.named(digest.current(), cells.leaf_of(text)),
        "empty": {"secret": secret.hex(), "text": empty, "tick": 8},
        "entries": shown,
        "refused": [
            {**shown[0], "slot": shown[0]["slot"] ^ 1, "why": "another slot"},
            {**shown[0], "path": shown[0]["path"][:15], "why": "15 hashes"},
            {**shown[0], "digest": shown[1]["digest"], "why": "another entry"},
        ],
        "secret": secret.hex(),
        "text": text,
        "tick": 7,
    }


def _place(place: cells.Place) -> dict[str, Any]:
    return {"path": [node.hex() for node in place[1]], "slot": place[0]}


def checkpoint() -> dict[str, Any]:
    """A cosigned checkpoint, its keys, proofs, and misspelled or forged variants."""
    leaves = [tree.leaf_hash(b"%d" % n) for n in range(11)]
    text = notes.Checkpoint(forging.ORIGIN, 11, tree.root_of(leaves)).text()
    signed = forging.ours().log.sign(text)
    note = signed.with_lines([signer.line(text, 1_772_413_200) for signer in forging.ours().cosigners]).render()
    older = forging.ours().log.sign(notes.Checkpoint(forging.ORIGIN, 6, tree.root_of(leaves[:6])).text()).render()
    last = note.rindex("=") if "=" in note[-4:] else -3
    return {
        "consistency": [node.hex() for node in tree.consistency_proof(lambda level, index: leaves, 6, 11)],
        "inclusion": {
            "leaf": leaves[8].hex(),
            "position": 8,
            "proof": [node.hex() for node in tree.inclusion_proof(lambda level, index: leaves, 8, 11)],
        },
        "keys": {
            "cosigners": [signer.key.vkey() for signer in forging.ours().cosigners],
            "log": forging.ours().log.key.vkey(),
            "receipts": forging.ours().receipts.key.vkey(),
        },
        "leaves": [leaf.hex() for leaf in leaves],
        "note": note,
        "older": older,
        "refused": [
            {"note": note.replace("\n11\n", "\n011\n"), "why": "a leading zero"},
            {"note": note.replace("\n11\n", "\n12\n"), "why": "another size than was signed"},
            {"note": note.replace("\u2014", "-", 1), "why": "a hyphen for the em dash"},
            {"note": note[:last] + " " + note[last:], "why": "base64 in another spelling"},
            {"note": note[:-1], "why": "no newline at the end"},
            {"note": note.replace("\n\n", "\nmore\n\n"), "why": "an extension line"},
        ],
        "rotation": _rotation(),
        "seeds": {name: _seed(number) for name, number in SEEDS.items()},
        "time": 1_772_413_200,
    }


SEEDS = {"log": 1, "neighbour": 4, "receipts": 2, "supervisor": 3}


def _rotation() -> str:
    """The statement by which the log's key names the one of seed 5."""
    old, new = forging.ours().log, forging.ours().signer(forging.ORIGIN, 5)
    text = notes.rotation_text("log", old.key, new.key)
    return notes.Note(text, (old.line(text), new.line(text))).render()


def _seed(number: int) -> str:
    """The private key in hexadecimal: 32 bytes of RFC 8032, or SM2's number."""
    return (number.to_bytes(32, "big") if forging.ours().gm else bytes([number] * 32)).hex()


def receipt() -> dict[str, Any]:
    """Receipts of a public and of a sealed entry of the same small ledger, with the keys to check them."""
    played = book()
    texts = [receipt_text(played, stream, 2) for stream in (forging.LOT, SEALED)]
    whole = json.loads(texts[1])
    return {
        "accepted": texts,
        "promise": whole["promise"],
        "refused": [
            {"text": canonical.dumps({**whole, "position": whole["position"] - 1}), "why": "another position"},
            {"text": canonical.dumps({**whole, "promise": json.loads(texts[0])["promise"]}), "why": "another promise"},
            {"text": canonical.dumps({**whole, "cell": None}), "why": "a sealed entry is no leaf itself"},
            {"text": canonical.dumps({k: v for k, v in whole.items() if k != "promise"}), "why": "no promise"},
            {"text": texts[1] + "\n", "why": "a newline at the end"},
            {"text": texts[1].replace("1000001.00", "1000000.00"), "why": "another content than was sealed"},
        ],
        "trust": forging.ours().trust,
    }


def receipt_text(played: forging.Book, stream: str, number: int) -> str:
    """The full receipt of one entry."""
    item = played.items()[stream][number - 1]
    proof = tuple(tree.inclusion_proof(played.log().read, item.position, len(played.leaves)))
    at = json.loads(item.entry.text)["at"]
    promise = receipts.make_promise(forging.ours().receipts, item.entry.name, forging.ORIGIN, at)
    return receipts.make_receipt(promise, item.entry, receipts.Place(item.position, proof, item.cell), played.note())


def archive() -> dict[str, Any]:
    """A whole small archive as path -> content, with a stand-in for verify.py so that it need not change with it."""
    with tempfile.TemporaryDirectory() as aside:
        folder = forging.archive(Path(aside) / "a", book())
        (folder / "verify.py").write_text("# stands for the verifier\n")
        (folder / "README.txt").write_text("Stands for the readme.\n")
        forging.reseal(folder)
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    binary = {path for path in files if path.endswith((".bin", ".bid"))}
    return {
        "base64": {path: base64.b64encode(files[path]).decode() for path in sorted(binary)},
        "text": {path: content.decode() for path, content in sorted(files.items()) if path not in binary},
        "trust": forging.ours().trust,
    }


VECTORS = {"entry": entry, "cell": cell, "checkpoint": checkpoint, "receipt": receipt, "archive": archive}


def render(name: str) -> str:
    return json.dumps(VECTORS[name](), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def folder() -> Path:
    """Where the vectors of the present suite stand."""
    return GM if digest.current() == "sm3" else FOLDER


if __name__ == "__main__":
    for algorithm in digest.ALGORITHMS:
        with digest.under(algorithm):
            folder().mkdir(exist_ok=True)
            for name in VECTORS:
                (folder() / f"{name}.json").write_text(render(name), "utf-8")

"""Promises and receipts prove their entry, and nothing else."""

import json
from hashlib import sha256

import pytest

from mingzheng.kernel import canonical
from mingzheng.ledger import cells, notes, receipts, tree

ORIGIN = "ledger.example/centre"
LOG = notes.NoteSigner.from_seed(ORIGIN, bytes(32))
RECEIPTS = notes.NoteSigner.from_seed(f"{ORIGIN}/receipts", bytes([9] * 32))
SUPERVISOR = notes.NoteSigner.from_seed("supervisor", bytes([1] * 32), notes.COSIGNER)
AT = "2026-03-02T09:00:00.000000+08:00"
INNER = canonical.dumps({"actor": {}, "body": {"price": "1.00"}, "kind": "bidding.bid-submitted", "signature": None})
SALT = bytes(range(32))


def sealed_entry() -> receipts.Written:
    commitment = sha256(b"\x02" + SALT + INNER.encode()).hexdigest()
    outer = {
        "at": AT,
        "number": 1,
        "previous": "sha256:" + "0" * 64,
        "sealed": f"sha256:{commitment}",
        "stream": "sealed:x",
    }
    return receipts.Written(canonical.dumps(outer), INNER, SALT)


def make(entry: receipts.Written, sealed: bool) -> str:
    cell = None
    leaf = entry.digest
    if sealed:
        text, places = cells.make_cell(1, [entry.digest], bytes(32))
        cell = receipts.InCell(text, *places[entry.digest])
        leaf = cells.leaf_of(text)
    leaves = [bytes([n] * 32) for n in range(5)] + [leaf]
    proof = tuple(tree.inclusion_proof(lambda level, index: leaves, 5, 6))
    checkpoint = notes.Checkpoint(ORIGIN, 6, tree.root_of(leaves)).text()
    note = LOG.sign(checkpoint).with_lines([SUPERVISOR.line(checkpoint, 1_772_413_205)])
    promise = receipts.make_promise(RECEIPTS, entry.digest, ORIGIN, AT)
    return receipts.make_receipt(promise, entry, receipts.Place(5, proof, cell), note.render())


def check(text: str, quorum: int = 1) -> dict[str, object]:
    return receipts.check_receipt(text, LOG.key, [RECEIPTS.key], [SUPERVISOR.key], quorum)


@pytest.mark.parametrize("sealed", [True, False])
def test_a_receipt_proves_its_entry(sealed: bool) -> None:
    entry = sealed_entry() if sealed else receipts.Written('{"kind":"tendering.notice-published"}')
    assert check(make(entry, sealed))["position"] == 5


def test_a_promise_is_canonical_and_signed() -> None:
    note = receipts.make_promise(RECEIPTS, bytes(32), ORIGIN, AT)
    assert receipts.check_promise(note, [RECEIPTS.key])["within"] == 10
    with pytest.raises(receipts.ReceiptRefused):
        receipts.check_promise(note, [LOG.key])
    with pytest.raises(receipts.ReceiptRefused):
        receipts.check_promise(note.replace('"within":10', '"within":99'), [RECEIPTS.key])
    with pytest.raises(receipts.ReceiptRefused):
        receipts.check_promise(RECEIPTS.sign("[]\n").render(), [RECEIPTS.key])


def test_any_changed_part_of_a_receipt_is_refused() -> None:
    whole = json.loads(make(sealed_entry(), True))
    other = json.loads(make(receipts.Written('{"other":1}'), True))
    spoilt = [{**whole, part: other[part]} for part in ("cell", "checkpoint", "entry", "promise", "proof")]
    spoilt += [{**whole, "position": 4}, {**whole, "format": "x"}, {k: v for k, v in whole.items() if k != "promise"}]
    spoilt += [{**whole, "entry": {**whole["entry"], "inner": INNER.replace("1.00", "2.00")}}]
    for receipt in spoilt:
        if receipt["format"] == whole["format"] and receipt == whole:
            continue
        with pytest.raises(receipts.ReceiptRefused):
            check(canonical.dumps(receipt))


def test_a_receipt_in_another_spelling_or_without_its_cosigner_is_refused() -> None:
    text = make(sealed_entry(), True)
    for wrong in (text + "\n", json.dumps(json.loads(text)), "[" * 100_000, "null", ""):
        with pytest.raises(receipts.ReceiptRefused):
            check(wrong)
    with pytest.raises(receipts.ReceiptRefused, match="cosigners"):
        check(text, quorum=2)


@pytest.mark.parametrize("others", [0, 50])
def test_a_receipt_has_the_same_shape_whether_others_acted_or_not(others: int) -> None:
    entry = sealed_entry()
    crowd = [sha256(b"%d" % n).digest() for n in range(others)]
    text, places = cells.make_cell(1, [*crowd, entry.digest], bytes(32))
    slot, path = places[entry.digest]
    place = receipts.Place(5, (bytes(32),), receipts.InCell(text, slot, path))
    receipt = json.loads(receipts.make_receipt("", entry, place, ""))
    assert (len(receipt["cell"]["path"]), len(receipt["cell"]["text"]), receipt["position"]) == (16, 102, 5)

"""Promises and receipts prove their entry, and nothing else."""

import json

import pytest

from mingzheng.kernel import canonical, digest
from mingzheng.ledger import cells, notes, receipts, tree
from mingzheng.ledger.tests import forging

ORIGIN = "ledger.example/centre"
AT = "2026-03-02T09:00:00.000000+08:00"
INNER = canonical.dumps({"actor": {}, "body": {"price": "1.00"}, "kind": "bidding.bid-submitted", "signature": None})
SALT = bytes(range(32))


def first() -> str:
    return digest.named(digest.current(), bytes(32))


def sealed_entry() -> receipts.Written:
    outer = {
        "at": AT,
        "number": 1,
        "previous": first(),
        "sealed": digest.of(b"\x02" + SALT + INNER.encode()),
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
    ours = forging.ours()
    note = ours.log.sign(checkpoint).with_lines([ours.supervisor.line(checkpoint, 1_772_413_205)])
    promise = receipts.make_promise(ours.receipts, entry.name, ORIGIN, AT)
    return receipts.make_receipt(promise, entry, receipts.Place(5, proof, cell), note.render())


def check(text: str, quorum: int = 1) -> dict[str, object]:
    ours = forging.ours()
    return receipts.check_receipt(text, ours.log.key, [ours.receipts.key], [ours.supervisor.key], quorum)


@pytest.mark.parametrize("sealed", [True, False])
def test_a_receipt_proves_its_entry(sealed: bool) -> None:
    entry = sealed_entry() if sealed else receipts.Written(canonical.dumps({"previous": first()}))
    assert check(make(entry, sealed))["position"] == 5


def test_a_promise_is_canonical_and_signed() -> None:
    ours = forging.ours()
    note = receipts.make_promise(ours.receipts, first(), ORIGIN, AT)
    assert receipts.check_promise(note, [ours.receipts.key])["within"] == 10
    with pytest.raises(receipts.ReceiptRefused):
        receipts.check_promise(note, [ours.log.key])
    with pytest.raises(receipts.ReceiptRefused):
        receipts.check_promise(note.replace('"within":10', '"within":99'), [ours.receipts.key])
    with pytest.raises(receipts.ReceiptRefused):
        receipts.check_promise(ours.receipts.sign("[]\n").render(), [ours.receipts.key])


def test_any_changed_part_of_a_receipt_is_refused() -> None:
    whole = json.loads(make(sealed_entry(), True))
    other = json.loads(make(receipts.Written(canonical.dumps({"other": 1, "previous": first()})), True))
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
    crowd = [digest.raw(b"%d" % n) for n in range(others)]
    text, places = cells.make_cell(1, [*crowd, entry.digest], bytes(32))
    slot, path = places[entry.digest]
    place = receipts.Place(5, (bytes(32),), receipts.InCell(text, slot, path))
    receipt = json.loads(receipts.make_receipt("", entry, place, ""))
    assert (len(receipt["cell"]["path"]), len(receipt["cell"]["text"]), receipt["position"]) == (
        16,
        95 + len(digest.current() + ":"),
        5,
    )

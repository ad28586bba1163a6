"""Promises and receipts (docs/formats/receipt.md).

A promise is signed the moment an act is written: this entry will stand in the log within ten seconds. A receipt proves
that it does. A promise without a receipt after its time is itself proof against the platform.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mingzheng.kernel import canonical, digest
from mingzheng.ledger import cells, notes, tree

PROMISE = "mingzheng-promise-1"
RECEIPT = "mingzheng-receipt-1"
WITHIN_SECONDS = 10


class ReceiptRefused(ValueError):
    """A promise or receipt that proves nothing: misspelled, forged, or about another entry."""


@dataclass(frozen=True, slots=True)
class Written:
    """An entry's text; a sealed one that may be shown comes with its opening (inner text and 32 bytes of salt)."""

    text: str
    inner: str | None = None
    salt: bytes | None = None

    @property
    def digest(self) -> bytes:
        """H(0x00 || text): the next entry's `previous` and the leaf in the log or place in a cell."""
        return tree.leaf_hash(self.text.encode(), tree.hash_of(self.algorithm))

    @property
    def algorithm(self) -> str:
        """The digest algorithm of the log this entry stands in, as its `previous` names it."""
        return digest.split(json.loads(self.text)["previous"])[0]

    @property
    def name(self) -> str:
        """The digest with its algorithm: `sha256:...`."""
        return digest.named(self.algorithm, self.digest)

    def as_json(self) -> dict[str, Any]:
        if self.inner is None or self.salt is None:
            return {"text": self.text}
        return {"inner": self.inner, "salt": self.salt.hex(), "text": self.text}


@dataclass(frozen=True, slots=True)
class InCell:
    """The cell in which a sealed entry stands, and where."""

    text: str
    slot: int
    path: tuple[bytes, ...]

    def as_json(self) -> dict[str, Any]:
        return {"path": [node.hex() for node in self.path], "slot": self.slot, "text": self.text}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry (or the cell it stands in) is in the platform log, with the inclusion proof."""

    position: int
    proof: tuple[bytes, ...]
    cell: InCell | None = None


def promise_text(entry: str, log: str, at: str) -> str:
    """The canonical text of the promise that the entry with this digest, written at `at`, will stand in `log`."""
    promised = {"at": at, "entry": entry, "format": PROMISE, "log": log, "within": WITHIN_SECONDS}
    return canonical.dumps(promised)


def make_promise(signer: notes.NoteSigner, entry: str, log: str, at: str) -> str:
    """The promise as a signed note: the canonical text on one line, signed by the receipts key."""
    return signer.sign(promise_text(entry, log, at) + "\n").render()


def make_receipt(promise: str, entry: Written, place: Place, checkpoint: str) -> str:
    """The full receipt: promise, entry, its place and the checkpoint (a note, cosigned) that covers it."""
    return canonical.dumps(
        {
            "cell": place.cell.as_json() if place.cell else None,
            "checkpoint": checkpoint,
            "entry": entry.as_json(),
            "format": RECEIPT,
            "position": place.position,
            "promise": promise,
            "proof": [node.hex() for node in place.proof],
        }
    )


def check_promise(note: str, receipts: Iterable[notes.Key]) -> dict[str, Any]:
    """What the promise says, if one of these keys signed it. ReceiptRefused otherwise."""
    try:
        signed = notes.parse_note(note)
        said = json.loads(signed.text)
        if not notes.signers(signed, receipts) or canonical.dumps(said) + "\n" != signed.text:
            raise ReceiptRefused("the promise is not signed by a receipts key, or not canonical")
    except ValueError as error:
        raise ReceiptRefused(f"not a promise: {error}") from error
    if (
        not isinstance(said, dict)
        or set(said) != {"at", "entry", "format", "log", "within"}
        or said["format"] != PROMISE
    ):
        raise ReceiptRefused("not a promise of this format")
    return said


def check_receipt(
    text: str, log: notes.Key, receipts: Sequence[notes.Key], cosigners: Sequence[notes.Key], quorum: int
) -> dict[str, Any]:
    """The receipt's content, if it proves its entry under these keys. ReceiptRefused names what does not hold."""
    try:
        receipt = json.loads(text)
        if canonical.dumps(receipt) != text or receipt["format"] != RECEIPT:
            raise ReceiptRefused("not a canonical receipt of this format")
        return _checked(receipt, log, receipts, cosigners, quorum)
    except (KeyError, TypeError, RecursionError, ValueError) as error:
        if isinstance(error, ReceiptRefused):
            raise
        raise ReceiptRefused(f"the receipt does not hold: {error}") from error


def _checked(
    receipt: dict[str, Any], log: notes.Key, receipts: Sequence[notes.Key], cosigners: Sequence[notes.Key], quorum: int
) -> dict[str, Any]:
    entry, cell = receipt["entry"], receipt["cell"]
    written = Written(entry["text"])
    found, said = written.digest, check_promise(receipt["promise"], receipts)
    if (said["entry"], said["log"], written.algorithm) != (written.name, log.name, log.digest):
        raise ReceiptRefused("the promise is about another entry or another log")
    if "inner" in entry:
        commitment = digest.raw(b"\x02" + bytes.fromhex(entry["salt"]) + entry["inner"].encode(), written.algorithm)
        if json.loads(entry["text"])["sealed"] != digest.named(written.algorithm, commitment):
            raise ReceiptRefused("the shown content is not what was sealed")
    if cell is not None:
        cells.check_cell(cell["text"], found, cell["slot"], [bytes.fromhex(node) for node in cell["path"]])
        found = cells.leaf_of(cell["text"])
    note = notes.parse_note(receipt["checkpoint"])
    head = notes.verified_checkpoint(note, log)
    proof = [bytes.fromhex(node) for node in receipt["proof"]]
    tree.check_inclusion(found, receipt["position"], head.size, proof, head.root, tree.hash_of(log.digest))
    if len(notes.signers(note, cosigners)) < quorum:
        raise ReceiptRefused("too few cosigners signed the checkpoint")
    return receipt

"""Promises and receipts from the ledger."""

from mingzheng.kernel import ports
from mingzheng.ledger import proving


def wire() -> None:
    ports.use("receipts", proving)

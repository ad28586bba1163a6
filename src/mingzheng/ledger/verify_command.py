"""Check an archive folder, a whole exported ledger or a receipt; without a path, the live ledger of this deployment."""

import argparse
import importlib
import tempfile
from pathlib import Path

from mingzheng.ledger import verify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng verify`; the same as those of the verify.py in every archive."""
    verify.add_arguments(parser, default=None)


def run(arguments: argparse.Namespace) -> int:
    """0 when consistent (with --trust: and proven), 1 when refused."""
    if arguments.path is not None:
        return verify.conclude(arguments)
    with tempfile.TemporaryDirectory(prefix="mingzheng-ledger-") as aside:
        folder = Path(aside) / "ledger"
        _export(folder)
        arguments.path = str(folder)
        return verify.conclude(arguments)


def _export(folder: Path) -> None:
    """Only here are Django and the database needed, so checking a folder works without them."""
    import django

    django.setup()
    importlib.import_module("mingzheng.ledger.reading").export_ledger(folder)

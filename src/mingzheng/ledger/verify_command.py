"""Check an archive folder, a whole exported ledger or a receipt; without a path, the live ledger of this deployment."""

import argparse
import importlib
import json
import tempfile
from pathlib import Path

from mingzheng.ledger import verify
from mingzheng.ledger.packing import PackingFailed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng verify`; the same as those of the verify.py in every archive."""
    verify.add_arguments(parser, default=None)


def run(arguments: argparse.Namespace) -> int:
    """0 when consistent (with --trust: and proven), 1 when refused."""
    if arguments.path is not None:
        return verify.conclude(arguments)
    with tempfile.TemporaryDirectory(prefix="mingzheng-ledger-") as aside:
        folder = Path(aside) / "ledger"
        try:
            _export(folder)
        except PackingFailed as failed:
            refused = {"findings": [{"en": str(failed), "file": ""}], "ok": False, "proven": False}
            print(json.dumps(refused) if arguments.json else f"✗ 不通过 / REFUSED\n  {failed}")
            return 1
        arguments.path = str(folder)
        return verify.conclude(arguments)


def _export(folder: Path) -> None:
    """Only here are Django and the database needed, so checking a folder works without them."""
    importlib.import_module("mingzheng.site.launch.django_start").set_up()
    importlib.import_module("mingzheng.ledger.reading").export_ledger(folder)

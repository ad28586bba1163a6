"""Give the log, the receipts or a cosigner a new signing key; the old key states the new one in the public ledger."""

import argparse
import importlib
import sys
import urllib.request
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng rotate`."""
    parser.add_argument("what", choices=("log", "receipts", "cosigner"), help="whose key")
    parser.add_argument(
        "--statement", metavar="WHERE", help="cosigner: file or address (URL/rotation) of its statement"
    )
    parser.add_argument("--reason", default="", help="why, for everybody to read")


def run(arguments: argparse.Namespace) -> int:
    """0 when the change stands in the ledger, 1 when it was refused, 2 when called wrongly."""
    if (arguments.what == "cosigner") != bool(arguments.statement):
        print("mingzheng: --statement belongs to a cosigner's key, which is made where the cosigner runs "
              "(mingzheng cosign --rotate)", file=sys.stderr)  # fmt: skip
        return 2
    importlib.import_module("mingzheng.site.launch.django_start").set_up()
    from mingzheng.kernel.actor import SYSTEM
    from mingzheng.ledger import rotating
    from mingzheng.ledger.commands import rotate_key

    try:
        statement = _read(arguments.statement) if arguments.statement else rotating.state_new_key(arguments.what)
        happened = rotate_key(actor=SYSTEM, statement=statement, reason=arguments.reason)
    except (ValueError, OSError) as refused:
        print(f"mingzheng: {refused}", file=sys.stderr)
        return 1
    rotated = happened.event
    print(f"old  {rotated.old}\nnew  {rotated.new}\n{rotating.ADVICE[arguments.what]}")
    return 0


def _read(where: str) -> str:
    if not where.startswith(("http://", "https://")):
        return Path(where).read_text("utf-8")
    with urllib.request.urlopen(where, timeout=5) as reply:  # noqa: S310 - the scheme was checked above
        return str(reply.read(10_000).decode("utf-8"))

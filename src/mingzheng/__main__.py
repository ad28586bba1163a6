"""`mingzheng COMMAND ...`: finds the module of a command and runs it.

A command is a module with `add_arguments(parser)` and `run(args) -> int`. It is imported only when asked for, so
`mingzheng verify` needs neither Django nor a database.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import NamedTuple


class Entry(NamedTuple):
    """The module that carries out a command, and what it does in one line."""

    module: str
    what: str


COMMANDS = {
    "demo": Entry("mingzheng.site.launch.demo", "start a whole demo centre on this machine"),
    "serve": Entry("mingzheng.site.launch.serve", "the web process"),
    "worker": Entry("mingzheng.site.launch.worker", "sequencer, reactions, outbox and timers"),
    "story": Entry("mingzheng.site.launch.story", "the demo's past year and its bidders (demo starts it)"),
    "migrate": Entry("mingzheng.site.launch.migrate", "bring the database to this version"),
    "administrator": Entry(
        "mingzheng.site.launch.administrator", "make the first security administrator of a new centre"
    ),
    "doctor": Entry("mingzheng.site.doctor.command", "check the machine and the installation, and say what to mend"),
    "ledger": Entry("mingzheng.site.launch.ledger", "show the state of the ledger"),
    "readers": Entry("mingzheng.site.launch.readers", "list or rebuild the readers"),
    "verify": Entry("mingzheng.ledger.verify_command", "check an archive, a receipt or a whole ledger"),
    "verify-paper": Entry("mingzheng.adapters.documents.verify_command", "check seal and time-stamp of a paper"),
    "timestamps": Entry("mingzheng.site.launch.timestamps", "serve the deployment's time-stamp authority"),
    "cosign": Entry("mingzheng.ledger.cosigner", "cosign the checkpoints of a centre"),
    "rotate": Entry("mingzheng.ledger.rotate_command", "give the log, the receipts or a cosigner a new signing key"),
    "seal": Entry("mingzheng.adapters.crypto.seal_command", "seal a bid on this machine"),
    "key": Entry("mingzheng.adapters.crypto.key_command", "make or show a key file"),
    "agent": Entry(
        "mingzheng.adapters.agent.command", "sign with a hardware key (PKCS#11) for the browser of this machine"
    ),
    "rehearse": Entry("mingzheng.site.rehearse.command", "play real tenders through a server"),
    "conformance": Entry(
        "mingzheng.site.conformance.command", "which clauses of the standards are met, and by which test"
    ),
    "bench": Entry("mingzheng.site.bench.command", "measure against the limits"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it succeeded, 2 when it was called wrongly."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0 if given else 2
    entry = COMMANDS.get(given[0])
    if entry is None:
        print(f"mingzheng: there is no command {given[0]!r}.\n\n{_overview()}", file=sys.stderr)
        return 2
    try:
        module = importlib.import_module(entry.module)
    except ModuleNotFoundError as missing:
        return _say_what_is_missing(given[0], entry, missing)
    parser = argparse.ArgumentParser(prog=f"mingzheng {given[0]}", description=module.__doc__)
    module.add_arguments(parser)
    return _run(module.run, parser.parse_args(given[1:]))


def _run(run: object, args: argparse.Namespace) -> int:
    from mingzheng.site.launch.processes import hold_on_to_parent

    hold_on_to_parent()
    faulthandler.register(signal.SIGUSR1, all_threads=True)  # kill -USR1 tells where a silent process stands
    try:
        return int(run(args) or 0)  # type: ignore[operator]
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output (head, less) has gone: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except RuntimeError as failed:
        if type(failed).__name__ != "LaunchError":
            raise
        print(f"mingzheng: {failed}", file=sys.stderr)
        return 1


def _say_what_is_missing(command: str, entry: Entry, missing: ModuleNotFoundError) -> int:
    ours = missing.name is not None and f"{entry.module}.".startswith(f"{missing.name}.")
    if ours:
        print(f"mingzheng: the command {command!r} is not part of this version.", file=sys.stderr)
    else:
        mend = "pip install 'mingzheng[hardware]'" if missing.name == "pkcs11" else "make setup"
        print(f"mingzheng: {command!r} needs the package {missing.name!r}, which is not here. {mend}", file=sys.stderr)
    return 2


def _overview() -> str:
    lines = [f"  {name:<14} {entry.what}" for name, entry in COMMANDS.items()]
    return "mingzheng COMMAND [--help]\n\n" + "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

"""What the key and seal commands share at a terminal: passwords, refusals in words, files for one's own eyes."""

import getpass
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from mingzheng.adapters.crypto.suite import SUITE_OF_CURVE
from mingzheng.kernel.refusal import Refused

PASSWORD_VARIABLE = "MINGZHENG_KEY_PASSWORD"  # noqa: S105 - the name of a variable


def add_password(parser: ArgumentParser) -> None:
    """The way a password comes in: a file, the environment, or a question; never on the command line itself."""
    parser.add_argument("--password-file", type=Path, help=f"first line is the password (or set {PASSWORD_VARIABLE})")


def add_suite(parser: ArgumentParser, help_text: str, *, default: str | None = "") -> None:
    """`--suite`: the deployment's (MINGZHENG_SUITE) unless `default` says otherwise, INTL-1 where neither is given."""
    chosen = os.environ.get("MINGZHENG_SUITE", "INTL-1") if default == "" else default
    said = f"{help_text} (default {chosen})" if chosen else help_text
    parser.add_argument("--suite", choices=sorted(SUITE_OF_CURVE.values()), default=chosen, help=said)


def password(args: Namespace, *, twice: bool = False) -> str:
    """The key file's password. RuntimeError when it is asked twice and the answers differ."""
    if args.password_file:
        return str(args.password_file.read_text("utf-8").splitlines()[0])
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE]
    found = getpass.getpass("Password of the key file: ")
    if twice and getpass.getpass("Again: ") != found:
        raise SystemExit("The two passwords differ.")
    return found


def answer(act: Callable[[], int]) -> int:
    """Run `act`; a refusal becomes two lines on stderr (code and what happened, what to do) and exit status 1."""
    try:
        return act()
    except Refused as refused:
        kind = refused.kind
        sys.stderr.write(f"{refused.code}: {said(kind.what, refused.facts)}\n{said(kind.todo, refused.facts)}\n")
    except OSError as failed:
        sys.stderr.write(f"{failed.strerror}: {failed.filename}\n")
    return 1


def said(text: str, facts: dict[str, object]) -> str:
    """A refusal's sentence with its facts put in."""
    try:
        return text.format(**facts)
    except (KeyError, IndexError):
        return text


def keep_private(path: Path, text: str) -> None:
    """Write a new file only its owner may read; FileExistsError rather than overwriting a key."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)

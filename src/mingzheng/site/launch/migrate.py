"""Bring the database to this version."""

from __future__ import annotations

import argparse
import importlib
import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mingzheng.site.launch.django_start import set_up
from mingzheng.site.launch.programs import LaunchError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng migrate`."""
    parser.add_argument("--contents", action="store_true", help="also load the demo centre where it is not loaded yet")
    parser.add_argument("--tell", type=Path, help="write the log's public key and the cast to this file (JSON)")


def run(args: argparse.Namespace) -> int:
    """Migrate, then load and tell what was asked for."""
    set_up()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    declare_log()
    cast = _load() if args.contents else []
    if args.tell:
        from mingzheng.ledger.keys import log_signer

        told = {"log_vkey": log_signer().key.vkey(), "cast": cast}
        aside = args.tell.with_name(f".{args.tell.name}.{os.getpid()}")
        aside.write_text(json.dumps(told, ensure_ascii=False, default=str), "utf-8")
        aside.replace(args.tell)
    return 0


def declare_log() -> None:
    """The log keeps the digests it was begun with. LaunchError when this deployment's suite has others."""
    from mingzheng.ledger import chaining

    try:
        chaining.declare()
    except chaining.OtherSuite as other:
        raise LaunchError(str(other)) from None


def _load() -> list[dict[str, Any]]:
    """Start the demo's clock and load the demo centre; returns its cast, a dictionary a person."""
    from django.conf import settings

    from mingzheng.site import deployment_clock

    in_demo = settings.MINGZHENG_MODE == "demo"
    deployment_clock.start(deployment_clock.DEMO_START if in_demo else deployment_clock.START)
    if find_spec("mingzheng.site.demo") is None:
        return []
    demo = importlib.import_module("mingzheng.site.demo")
    demo.load()
    shown = ("login", "name", "organisation", "roles", "password", "totp_secret", "key_file")
    return [{what: getattr(member, what) for what in shown} for member in demo.cast()]

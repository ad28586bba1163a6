"""Make the first security administrator of a new centre; everybody after that is registered by that person, on a page.

Refused where a security administrator exists: whoever holds this machine gets no second way in.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from mingzheng.site.launch.django_start import set_up
from mingzheng.site.launch.programs import LaunchError

LOCK = 5_112_027


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng administrator`."""
    parser.add_argument("--code", required=True, help="the centre's unified social credit code")
    parser.add_argument("--centre", required=True, help="the centre's name, as in its certificate")
    parser.add_argument("--name", required=True, help="the person's name")
    parser.add_argument("--login", required=True, help="the person's login name: 2 to 40 of a-z 0-9 . _ -")
    parser.add_argument(
        "--certificate", required=True, type=Path, help="the person's certificate (PEM), issued for the centre"
    )
    parser.add_argument("--phone", default="")
    parser.add_argument("--email", default="")


def run(args: argparse.Namespace) -> int:
    """Register the person and tell how to go on. LaunchError when it is refused."""
    set_up()
    from mingzheng.kernel.refusal import Refused
    from mingzheng.site.answers import sentence

    try:
        pem = args.certificate.read_text("ascii")
        make(
            code=args.code,
            centre=args.centre,
            name=args.name,
            login=args.login,
            pem=pem,
            phone=args.phone,
            email=args.email,
        )
    except (OSError, UnicodeDecodeError):
        raise LaunchError(f"{args.certificate} cannot be read as a PEM certificate") from None
    except Refused as refused:
        raise LaunchError(f"{refused.code}: {sentence(refused.kind.what, refused.facts)}") from None
    print(f"{args.name} ({args.login}) is security administrator of {args.centre}.")
    print("Log in with the certificate and register the system and the audit administrator at /admin-security.")
    return 0


def make(*, code: str, centre: str, name: str, login: str, pem: str, phone: str = "", email: str = "") -> None:
    """The centre (where it is new), the person, its certificate and role, in one transaction. LaunchError when one exists."""
    from django.db import connection, transaction

    from mingzheng.kernel.actor import SYSTEM
    from mingzheng.stages.parties import commands, queries

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])  # two at once make one
        if queries.people_with("security_admin"):
            raise LaunchError(
                "there is a security administrator already; that person registers others at /admin-security"
            )
        known = queries.organisation_by_code(code)
        if known is None:
            happened = commands.register_organisation(
                actor=SYSTEM, name=centre, code=code, kinds=["centre"], person_name=name, login=login, phone=phone,
                email=email, certificate=pem,
            )  # fmt: skip
            house, person = happened.events[0].organisation, happened.events[1].person
        else:
            house = known.id
            person = commands.add_person(
                actor=SYSTEM, organisation=house, name=name, login=login, phone=phone, email=email
            ).event.person
            commands.enrol_certificate(actor=SYSTEM, certificate=pem, person=person, organisation=house)
        commands.grant_role(actor=SYSTEM, person=person, organisation=house, role="security_admin")

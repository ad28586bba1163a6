"""A certificate request for a key in a token: the key signs it there, so the authority sees that the applicant holds it."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mingzheng.adapters.agent.pkcs11_keys import key_of_token
from mingzheng.adapters.crypto import x509_signing


def add_arguments(parser: ArgumentParser) -> None:
    """What only `agent request` takes."""
    parser.add_argument(
        "--make", metavar="LABEL", default="", help="request: make a fresh key in the token, of this label"
    )
    parser.add_argument("--name", default="", help="request: the person's name")
    parser.add_argument("--organisation", default="", help="request: the organisation's name")
    parser.add_argument("--code", default="", help="request: the organisation's unified social credit code")
    parser.add_argument("--out", type=Path, help="request: the file to write, such as me.csr")


def write(args: Namespace, pin: str) -> None:
    """Refused as `key_of_token`; FileExistsError rather than overwriting another file."""
    wanted = x509_signing.subject(args.name, args.organisation, args.code)
    with key_of_token(args.module, args.token, pin, label=args.key, make=args.make) as key:
        made = x509_signing.request_by_token(wanted, key.public_key, key.sign)
    with args.out.open("x", encoding="ascii") as file:
        file.write(x509_signing.pem("CERTIFICATE REQUEST", made))

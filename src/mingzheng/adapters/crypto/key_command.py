"""Make and show key files (.mzkey).

`new` makes a key on this machine and a request for its certificate; `renew` does so with the names of a certificate one
has, before it ends; `cert` puts the certificate into the file; `show` says whose key it is. The private half never leaves
the file unencrypted.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from mingzheng.adapters.crypto import terminal, x509_signing
from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.certificates import facts
from mingzheng.adapters.crypto.keyfile import blocks, check_pair, decrypt_key, open_key_file, write_key_file
from mingzheng.adapters.crypto.refusals import KEY_MISMATCH
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import Suite, suite, suite_of_key
from mingzheng.kernel import clock


def add_arguments(parser: ArgumentParser) -> None:
    """`key new|renew|cert|show`."""
    steps = parser.add_subparsers(dest="step", required=True)
    new = steps.add_parser("new", help="make a key and a certificate request")
    new.add_argument("file", type=Path, help="the key file to write, such as me.mzkey")
    terminal.add_suite(new, "algorithms of the key")
    new.add_argument("--name", required=True, help="the person's name")
    new.add_argument("--organisation", default="", help="the organisation's name")
    new.add_argument("--code", default="", help="the organisation's unified social credit code")
    new.add_argument("--request", type=Path, help="where to write the certificate request (default: FILE with .csr)")
    renew = steps.add_parser("renew", help="make a fresh key and a request with the names of a certificate one has")
    renew.add_argument("file", type=Path, help="the new key file to write")
    renew.add_argument("--of", type=Path, required=True, help="the key file or certificate (PEM) that ends soon")
    renew.add_argument("--request", type=Path, help="where to write the certificate request (default: FILE with .csr)")
    cert = steps.add_parser("cert", help="put the issued certificate into the key file")
    cert.add_argument("file", type=Path)
    source = cert.add_mutually_exclusive_group(required=True)
    source.add_argument("--certificate", type=Path, help="the certificate (PEM) the authority issued")
    source.add_argument("--demo-authority", type=Path, help="the keys folder of a demo centre that issues it now")
    cert.add_argument("--request", type=Path, help="with --demo-authority: the request (default: FILE with .csr)")
    show = steps.add_parser("show", help="say whose key this is")
    show.add_argument("file", type=Path)
    show.add_argument("--check", action="store_true", help="open the key too, to check password and certificate")
    for step in (new, renew, cert, show):
        terminal.add_password(step)


def run(args: Namespace) -> int:
    """0 when done, 1 when refused."""
    return terminal.answer(lambda: {"new": _new, "renew": _renew, "cert": _cert, "show": _show}[args.step](args))


def _new(args: Namespace) -> int:
    wanted = x509_signing.subject(args.name, args.organisation, args.code)
    return _make(args, suite(args.suite), wanted)


def _renew(args: Namespace) -> int:
    """In the suite and the names of the old certificate; the old key file stays as it is."""
    text = args.of.read_text("utf-8")
    own = facts(blocks(text)[1] or "") if "PRIVATE KEY" in text else facts(text)
    wanted = x509_signing.subject(own.person_name, own.organisation_name, own.organisation_code)
    return _make(args, suite(own.suite), wanted)


def _make(args: Namespace, algorithms: Suite, wanted: x509.Name) -> int:
    private = algorithms.new_private_key()
    terminal.keep_private(args.file, write_key_file(Secret(private), None, terminal.password(args, twice=True)))
    request = x509_signing.request(x509.CertificateSigningRequestBuilder().subject_name(wanted), private)
    place = args.request or args.file.with_suffix(".csr")
    place.write_text(x509_signing.pem("CERTIFICATE REQUEST", request), "ascii")
    print(f"{args.file}: key made. Send {place} to the certificate authority, then: key cert {args.file}")
    return 0


def _cert(args: Namespace) -> int:
    block, _ = blocks(args.file.read_text("utf-8"))
    certificate = args.certificate.read_text("utf-8") if args.certificate else _issued(args)
    check_pair(decrypt_key(block, terminal.password(args)), certificate)
    fresh = args.file.with_name(f".{args.file.name}.new")
    fresh.unlink(missing_ok=True)
    terminal.keep_private(fresh, block + certificate)
    fresh.replace(args.file)
    return _tell(certificate)


def _issued(args: Namespace) -> str:
    """A certificate from the demo authority for a request that proves possession of its key."""
    place = args.request or args.file.with_suffix(".csr")
    try:
        subject, public = x509_signing.read_request(place.read_bytes())
    except ValueError:
        raise KEY_MISMATCH() from None

    def named(oid: x509.ObjectIdentifier) -> str:
        values = subject.get_attributes_for_oid(oid)
        return str(values[0].value) if values else ""

    at = clock.now()
    return DemoAuthority.open(args.demo_authority, at, suite_of_key(public).id).issue(
        subject_name=named(NameOID.COMMON_NAME),
        organisation_name=named(NameOID.ORGANIZATION_NAME),
        organisation_code=named(NameOID.ORGANIZATION_IDENTIFIER),
        person_id="",
        public_key=public,
        at=at,
    )


def _show(args: Namespace) -> int:
    text = args.file.read_text("utf-8")
    _, certificate = blocks(text)
    if args.check:
        open_key_file(text, terminal.password(args))
    if certificate is None:
        print(f"{args.file}: a key without a certificate")
        return 0
    return _tell(certificate)


def _tell(certificate: str) -> int:
    found = facts(certificate)
    print(f"holder       {found.person_name}")
    print(f"organisation {found.organisation_name} {found.organisation_code}".rstrip())
    print(f"issuer       {found.issuer}")
    print(f"serial       {found.serial}")
    print(f"suite        {found.suite}")
    print(f"valid        {clock.text(found.not_before)[:19]} to {clock.text(found.not_after)[:19]}")
    print(f"fingerprint  {found.fingerprint}")
    return 0

"""Check a sealed paper: whole, by whom, when, and by issuers you trust. Needs neither network nor database."""

from __future__ import annotations

import argparse
import dataclasses
import json
import resource
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mingzheng.adapters.documents.checking import PaperVerdict, check_paper
from mingzheng.kernel import clock
from mingzheng.kernel import digest as digests

WORDS = {
    "": ("签章和时间戳有效，文件没有被改动。", "Seal and time-stamp are valid, the file was not changed."),
    "not-a-pdf": ("这不是 PDF 文件。", "This is no PDF file."),
    "not-sealed": ("这份文件没有电子签章。", "This file bears no seal."),
    "several-signatures": ("签名不是平台文书的样子。", "The signatures are not those of a paper of the platform."),
    "changed": ("文件被改动过或者已经损坏。", "The file was changed or is damaged."),
    "added-to": ("签章之后又添加了内容。", "Something was added after sealing."),
    "no-time-stamp": ("签章没有时间戳。", "The seal has no time-stamp."),
    "unknown-issuer": ("证书不是由您信任的机构签发的。", "The certificate was issued by nobody you trust."),
}
_STAMP = ("时间戳不可信。", "The time-stamp is not to be trusted.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `mingzheng verify-paper`."""
    parser.add_argument("file", help="the PDF; - reads from standard input")
    parser.add_argument("--trust", action="append", default=[], metavar="PEM", help="issuer of document seals")
    parser.add_argument(
        "--stamps", action="append", default=[], metavar="PEM", help="issuer of time-stamps (default: as --trust)"
    )
    parser.add_argument(
        "--digest",
        choices=digests.ALGORITHMS,
        default="sha256",
        help="how digests are written: sm3 for a centre of suite GM-1 (default: sha256)",
    )
    parser.add_argument("--json", action="store_true", help="the verdict for programs")
    parser.add_argument("--limited", action="store_true", help="give up on files that cost too much memory or time")


def run(args: argparse.Namespace) -> int:
    """0 when everything holds, 1 otherwise."""
    if args.limited:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    content = sys.stdin.buffer.read() if args.file == "-" else Path(args.file).read_bytes()
    trust = _certificates(args.trust)
    with digests.under(args.digest):
        verdict = check_paper(content, trust, _certificates(args.stamps) if args.stamps else trust)
    if args.json:
        found = dataclasses.asdict(verdict) | {"at": clock.text(verdict.at) if verdict.at else None}
        print(json.dumps(found, ensure_ascii=False, sort_keys=True))
    else:
        _tell(verdict)
    return 0 if verdict.ok else 1


def _tell(verdict: PaperVerdict) -> None:
    zh, en = WORDS.get(verdict.problem, _STAMP)
    print(f"{'✓' if verdict.ok else '✗'} {zh}\n  {en}")
    if verdict.holder:
        print(f"  签章人 / seal        {verdict.holder} ({verdict.issuer})")
    if verdict.at:
        print(f"  时间戳 / time-stamp  {clock.text(verdict.at)} {verdict.authority}")
    if verdict.paper:
        print(f"  正文 / as filed      {verdict.paper}")
    print(f"  文件 / file          {verdict.digest}")


def _certificates(places: list[str]) -> list[bytes]:
    return [
        one.public_bytes(Encoding.DER)
        for place in places
        for one in x509.load_pem_x509_certificates(Path(place).read_bytes())
    ]

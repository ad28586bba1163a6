"""Seal a bid on this machine, check a sealed bid, or open one's own.

seal:  mingzheng seal --tender TENDER.json --key ME.mzkey --summary summary.json FILE... --out bid.mzb
check: mingzheng seal --check bid.mzb --tender TENDER.json
open:  mingzheng seal --open bid.mzb --key ME.mzkey --out FOLDER

With a key in a device: start `mingzheng agent`, and give --agent and --origin (the agent's) instead of --key.

Sealing writes bid.mzb (the ciphertext to upload) and bid.mzb.seal (the signed seal to submit with it).
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from mingzheng.adapters.crypto import terminal
from mingzheng.adapters.crypto.agent_key import AgentKey
from mingzheng.adapters.crypto.keyfile import open_key_file
from mingzheng.adapters.crypto.own_key import OwnKey
from mingzheng.adapters.crypto.refusals import SEAL_OTHER_SUITE, SEAL_UNREADABLE, SUMMARY_INVALID
from mingzheng.adapters.crypto.seal import SignedSeal
from mingzheng.adapters.crypto.seal_check import check_seal
from mingzheng.adapters.crypto.sealing import seal_bid
from mingzheng.adapters.crypto.terms import SealingTerms
from mingzheng.adapters.crypto.unsealing import heading_of, open_part, read_summary, release_key
from mingzheng.kernel import clock

AGENT_PORT = 18737  # where `mingzheng agent` answers unless told otherwise


def add_arguments(parser: ArgumentParser) -> None:
    """See the examples above."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", type=Path, metavar="BID", help="check a sealed file and its seal; needs no key")
    what.add_argument("--open", type=Path, metavar="BID", dest="opened", help="open one's own sealed bid")
    parser.add_argument("--tender", type=Path, help="the lot's sealing parameters (TENDER.json from its page)")
    parser.add_argument("--key", type=Path, help="the bidder's key file (.mzkey)")
    parser.add_argument(
        "--agent", type=int, nargs="?", const=AGENT_PORT, metavar="PORT",
        help=f"sign and unwrap through the signing agent of this machine (default port {AGENT_PORT})",
    )  # fmt: skip
    parser.add_argument("--origin", help="with --agent: the centre's address the agent was started for")
    parser.add_argument(
        "--pairing-file", type=Path, help="first line is the agent's pairing code (default: asked here)"
    )
    parser.add_argument("--summary", type=Path, help="the opening summary (JSON; price in yuan as text)")
    parser.add_argument("files", nargs="*", type=Path, help="the files of the bid")
    parser.add_argument("--out", type=Path, help="the sealed file to write; with --open the folder to write into")
    parser.add_argument("--no-rescue", action="store_true", help="do not consent to the rescue quorum")
    terminal.add_suite(parser, "refuse a tender or a bid of another suite", default=None)
    terminal.add_password(parser)


def run(args: Namespace) -> int:
    """0 when done, 1 when refused, 2 when called wrongly."""
    own = ["key"] if args.agent is None else ["origin"]
    act, wanted = _seal, ["tender", *own, "summary", "out"]
    if args.check:
        act, wanted = _check, ["tender"]
    elif args.opened:
        act, wanted = _open, [*own, "out"]
    missing = [name for name in wanted if getattr(args, name) is None]
    if missing:
        print("Also needed: " + ", ".join(f"--{name}" for name in missing), file=sys.stderr)
        return 2
    return terminal.answer(lambda: act(args))


def _seal(args: Namespace) -> int:
    terms, key = _terms(args), _key(args)
    try:
        summary = json.loads(args.summary.read_text("utf-8"))
    except ValueError:
        raise SUMMARY_INVALID(field="summary.json", problem="不是 JSON") from None
    if not isinstance(summary, dict):
        raise SUMMARY_INVALID(field="summary.json", problem="应是一个对象")
    consent = terms.rescue is not None and not args.no_rescue
    signed = seal_bid(
        summary, args.files, terms, key, args.out, consent=consent, at=clock.now(), progress=_show_progress
    )
    seal_file(args.out).write_text(signed.dumps(), "utf-8")
    print(f"\n{args.out} {signed.seal.file_bytes} bytes {signed.seal.file_digest}")
    print(f"{seal_file(args.out)} bid {signed.seal.bid}, rescue {'consented' if consent else 'not consented'}")
    return 0


def _check(args: Namespace) -> int:
    terms = _terms(args)
    seal = check_seal(_signed(args.check), args.check, terms)
    print(f"{args.check}: sealed for lot {seal.lot}, bid {seal.bid}, {len(seal.parts)} parts, seal and file agree")
    return 0


def _open(args: Namespace) -> int:
    seal = _signed(args.opened).seal
    _expect(args, seal.suite)
    content_key = release_key(_key(args), seal)
    args.out.mkdir(parents=True, exist_ok=True)
    summary = read_summary(content_key, seal, args.opened)
    (args.out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for part in range(1, len(seal.parts)):
        name = Path(heading_of(content_key, seal, args.opened, part).name.replace("\\", "/")).name or "file"
        with (args.out / f"{part:03d}-{name}").open("xb") as target:
            for piece in open_part(content_key, seal, args.opened, part):
                target.write(piece)
        print(args.out / f"{part:03d}-{name}")
    return 0


def seal_file(sealed: Path) -> Path:
    """Where the seal of a sealed file stands: beside it, with .seal added."""
    return sealed.with_name(sealed.name + ".seal")


def _signed(sealed: Path) -> SignedSeal:
    return SignedSeal.loads(seal_file(sealed).read_text("utf-8"))


def _expect(args: Namespace, found: str) -> None:
    """Refused `seal.wrong-suite` when --suite asks for another one."""
    if args.suite is not None and args.suite != found:
        raise SEAL_OTHER_SUITE(suite=found[:16], wanted=args.suite)


def _terms(args: Namespace) -> SealingTerms:
    try:
        value = json.loads(args.tender.read_text("utf-8"))
    except ValueError:
        raise SEAL_UNREADABLE(problem="TENDER.json 不是 JSON") from None
    terms = SealingTerms.from_json(value if isinstance(value, dict) else {})
    _expect(args, terms.suite)
    return terms


def _key(args: Namespace) -> OwnKey:
    if args.agent is None:
        return open_key_file(args.key.read_text("utf-8"), terminal.password(args))
    code = args.pairing_file.read_text("utf-8").splitlines()[0] if args.pairing_file else input("Pairing code: ")
    return AgentKey(args.agent, args.origin, code)


def _show_progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\rsealing {done * 100 // of:3d} %", end="", file=sys.stderr, flush=True)

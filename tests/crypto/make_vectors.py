"""Writes docs/formats/vectors once, a suite at a time. Run by hand only for a new version of a format or a new suite:
what is there is never written again, because old vectors stay readable.

`python tests/crypto/make_vectors.py GM-1` fills the folder gm-1; INTL-1's stand in the folder itself. bid.json with bid-1.mzb
came from the program that wrote version 1; this one writes bid-2.json with bid-2.mzb, for the same people. Every key in the vectors is public
and good for nothing but tests.
"""

import base64
import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from mingzheng.adapters.crypto import acts, blocks, container, known_answers, known_answers_gm1, shamir
from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.keyfile import PersonKey, open_key_file, write_key_file
from mingzheng.adapters.crypto.sealing import Draft, write_sealed
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import Suite, suite
from mingzheng.adapters.crypto.terms import RescueHolder, RescueTerms, SealingTerms
from mingzheng.kernel import clock, sm2, sm2_example

VECTORS = Path(__file__).parents[2] / "docs" / "formats" / "vectors"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=clock.UTC8)
LOT = UUID("6f9619ff-8b86-4d01-b42d-00c04fc964ff")
BID = UUID("0191d2c0-5e7a-4c6e-9d7f-1f2e3d4c5b6b")
SUMMARY = {"period_days": 180, "price": "12345678.90", "project_manager": "李工", "quality": "合格"}
FILE = "bid-2.mzb"
PASSWORD = "密码-12345678"
LENGTHS = (0, 1, blocks.BLOCK - 1, blocks.BLOCK, blocks.BLOCK + 1, 2 * blocks.BLOCK + 12345)
FOLDERS = {"INTL-1": VECTORS, "GM-1": VECTORS / "gm-1"}


def text64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def keep(place: Path, value: Callable[[], dict[str, Any]]) -> None:
    if place.exists():
        return
    print(place)
    place.write_text(json.dumps(value(), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def act_vectors(bidder: PersonKey) -> dict[str, Any]:
    digest = suite(bidder.suite).digest_name + ":"
    cases = [
        ("bidding.submit_bid", {"lot": str(LOT), "file": digest + "ab" * 32, "consent": True, "copies": 1}, "n-1"),
        ("opening.confirm", {}, "0191d2c0-5e7a-4c6e-9d7f-1f2e3d4c5b6b"),
        ("x.y", {"\u20ac": "Euro", "\r": "CR", "1": "one", "\U0001f600": "smile", "ö": None, "list": ["乙", 2]}, "n"),
        (acts.LOGIN_ACT, {"origin": "http://127.0.0.1:8000"}, "challenge-1"),
    ]
    found = []
    for act, fields, nonce in cases:
        text = acts.act_text(act, fields, nonce)
        found.append(
            {
                "act": act,
                "certificate": bidder.certificate,
                "fields": fields,
                "nonce": nonce,
                "signature": acts.sign_text(bidder.private.reveal(), text),
                "text": text,
            }
        )
    return {"acts": found}


def published_wrap(algorithms: Suite) -> dict[str, Any]:
    """What somebody else published about this suite's encryption to a key."""
    if algorithms.id == "INTL-1":
        return {
            "hpke": {
                "info": text64(known_answers.INFO),
                "plain": text64(known_answers.PLAIN),
                "private": text64(known_answers.hpke_recipient()),
                "source": "CFRG test vectors for RFC 9180: mode 0, kem 16, kdf 1, aead 2; without additional data",
                "wrapped": text64(known_answers.hpke_message()),
            }
        }
    private = sm2.private_of(sm2_example.PRIVATE)
    context, secret = b"mingzheng-bid-2 vector", bytes(range(32))
    return {
        "sm2": {
            "encrypted": text64(sm2_example.ciphertext()),
            "message": text64(sm2_example.MESSAGE),
            "plain": text64(sm2_example.PLAIN),
            "private": text64(private),
            "public": text64(sm2.public_key(private)),
            "signature": text64(sm2.signature_of(sm2_example.R, sm2_example.S)),
            "source": "GB/T 32918.5-2017, annexes A and C, written in DER",
        },
        "wrap": {
            "context": text64(context),
            "plain": text64(secret),
            "private": text64(private),
            "wrapped": text64(algorithms.wrap(sm2.public_key(private), secret, context)),
        },
        "sm4_gcm": {
            "additional": known_answers_gm1.GCM_AAD,
            "key": known_answers_gm1.SM4_KEY,
            "nonce": known_answers_gm1.GCM_NONCE,
            "plain": known_answers_gm1.GCM_PLAIN,
            "sealed": known_answers_gm1.GCM_SEALED,
            "source": "RFC 8998, appendix A.1; hexadecimal, the tag behind the ciphertext",
        },
    }


def wrap_vectors(algorithms: Suite) -> dict[str, Any]:
    secret = Secret(bytes(range(32)))
    shares = shamir.split(secret, 2, 3)
    return {
        **published_wrap(algorithms),
        "shamir": {
            "commitments": [shamir.commitment(container.VERSION, share, algorithms) for share in shares],
            "secret": secret.reveal().hex(),
            "shares": [share.reveal().hex() for share in shares],
            "threshold": 2,
        },
    }


def bid_vectors(bidder: PersonKey, people: dict[str, PersonKey], folder: Path) -> dict[str, Any]:
    algorithms = suite(bidder.suite)
    escrow = algorithms.new_private_key()
    share = bytes(range(200, 233))
    holders = tuple(RescueHolder(office, key.public_key) for office, key in people.items())
    rescue = RescueTerms(algorithms.public_key(escrow), 2, holders)
    terms = SealingTerms(LOT, algorithms.id, NOW + timedelta(days=20), 1 << 20, rescue)
    contents = {"技术标.pdf": bytes(i * 7 % 256 for i in range(50_000)), "empty.txt": b"", "清单.xml": b"<a/>" * 100}
    files = []
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        files.append(folder / name)
    draft = Draft(terms, algorithms, BID, Secret(bytes(range(100, 132))), container.LEAST_CHUNK)
    with (FOLDERS[algorithms.id] / FILE).open("xb") as target:
        signed = write_sealed(draft, SUMMARY, files, bidder, target, consent=True, at=NOW)
    return {
        "blocks": [block_vector(algorithms, use, length) for use in ("content", "file") for length in LENGTHS],
        "content_key": draft.key.reveal().hex(),
        "derived": {
            "check": draft.derived("check").hex(),
            "part": [draft.derived("part", part).hex() for part in range(4)],
            "salt": [draft.derived("salt", part).hex() for part in range(4)],
        },
        "escrow": text64(escrow),
        "file": FILE,
        "files": [{"content": text64(content), "name": name} for name, content in contents.items()],
        "holders": {office: text64(key.private.reveal()) for office, key in people.items()},
        "padded": {str(n): container.padded(n) for n in (0, 1, 16384, 16385, 50_000, 10**6, 10**9 + 1, 2**40 + 1)},
        "signed": json.loads(signed.dumps()),
        "share": {
            "commitment": shamir.commitment(container.VERSION, Secret(share), algorithms),
            "share": share.hex(),
        },
        "summary": SUMMARY,
        "tampered": tampered(signed.seal.file_bytes),
        "terms": terms.as_json(),
    }


def block_vector(algorithms: Suite, use: blocks.Use, length: int) -> dict[str, Any]:
    """The digest of `length` bytes, of which byte i is i mod 251."""
    hasher = blocks.BlockHasher(algorithms, use)
    hasher.update((bytes(range(251)) * (length // 251 + 1))[:length])
    return {"bytes": length, "digest": hasher.digest().hex(), "use": use}


def tampered(length: int) -> list[dict[str, Any]]:
    """Changes to the sealed file, the part that shows them on opening, and the refusal it must give."""
    step = container.LEAST_CHUNK + container.TAG
    first = container.HEADER + step  # where part 1 begins: the summary is one chunk
    return [
        {"do": "flip", "at": first + 5, "part": 1, "refusal": "seal.chunk-foreign"},
        {
            "do": "swap",
            "at": first,
            "with": first + step,
            "length": step,
            "part": 1,
            "refusal": "seal.chunks-reordered",
        },
        {"do": "copy", "at": container.HEADER, "to": first, "length": step, "part": 1, "refusal": "seal.chunk-foreign"},
        {"do": "cut", "to": first + 2 * step + 9, "part": 1, "refusal": "seal.truncated"},
        {"do": "cut", "to": length - 1, "part": 3, "refusal": "seal.truncated"},
    ]


def main() -> None:
    algorithms = suite(sys.argv[1] if len(sys.argv) > 1 else "")
    place = FOLDERS[algorithms.id]
    place.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        authority = DemoAuthority.open(folder, NOW, algorithms.id)

        def person(who: str) -> PersonKey:
            made = authority.issue_with_key(
                subject_name=who, organisation_name="测试单位", organisation_code="91", person_id=who, at=NOW
            )
            return PersonKey(*made)

        bidder = earlier(place) or person("测试投标人")
        people = {office: person(office) for office in ("procuring_entity", "centre", "supervisor")}
        keep(place / "acts.json", lambda: act_vectors(bidder))
        keep(place / "wraps.json", lambda: wrap_vectors(algorithms))
        keep(place / "bid-2.json", lambda: bid_vectors(bidder, people, folder))
        keep(
            place / "key.json",
            lambda: {
                "file": write_key_file(bidder.private, bidder.certificate, PASSWORD, rounds=10_000),
                "fingerprint": bidder.fingerprint,
                "password": PASSWORD,
            },
        )


def earlier(place: Path) -> PersonKey | None:
    """The bidder of the vectors that are there already."""
    if not (place / "key.json").exists():
        return None
    found = json.loads((place / "key.json").read_text())
    return open_key_file(found["file"], found["password"])


if __name__ == "__main__":
    main()

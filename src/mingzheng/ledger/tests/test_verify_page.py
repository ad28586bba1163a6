"""The static page judges receipts as the verifier does, without a network and without WebCrypto."""

import hashlib
import json
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mingzheng.kernel import digest, sm2_example
from mingzheng.ledger import notes, verify
from mingzheng.ledger.tests import forging, make_vectors
from mingzheng.ledger.tests.test_suites import EXAMPLE, EXAMPLE_SIGNATURE
from mingzheng.ledger.tests.test_verify import RFC_8032
from mingzheng.site.launch.node import find_node

PAGE = Path(verify.__file__).parent / "static_page" / "verify-receipt.html"
NODE = find_node()
ASK = """
const read = name => require("fs").readFileSync(name, "utf8");
new Function(read(process.argv[1]).match(/<script>([\\s\\S]*)<\\/script>/)[1])();
const asked = JSON.parse(read(process.argv[2]));
process.stdout.write(JSON.stringify({
  judged: asked.judge.map(([text, keys]) => Receipt.judge(text, keys)),
  digests: asked.digest.map(text => [Receipt.sha256, Receipt.sha512, Receipt.sm3].map(f => Receipt.hex(f(Receipt.unhex(text))))),
  signed: asked.signed.map(parts => Receipt.ed25519(...parts.map(Receipt.unhex))),
  sm2: asked.sm2.map(parts => Receipt.sm2(...parts.map(Receipt.unhex))),
}));
"""


def ask(tmp_path: Path, **questions: Any) -> dict[str, Any]:
    asked = tmp_path / "asked.json"
    asked.write_text(json.dumps({"judge": [], "digest": [], "signed": [], "sm2": [], **questions}), "utf-8")
    command = [str(NODE), "-e", ASK, str(PAGE), str(asked)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=120)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_its_hashes_and_signatures_are_the_published_ones(tmp_path: Path) -> None:
    texts = [bytes(range(n % 256)) * 2 for n in (0, 1, 27, 28, 31, 32, 55, 56, 63, 64, 120, 255)]
    signed = [list(parts) for parts in RFC_8032] + [[public, message + "00", s] for public, message, s in RFC_8032]
    example, order = [EXAMPLE.hex(), sm2_example.MESSAGE.hex(), EXAMPLE_SIGNATURE.hex()], verify.SM_2.order
    wrong = [[example[0], example[1] + "00", example[2]], [example[0][:-2] + "00", *example[1:]]]
    wrong += [[*example[:2], f"{r:064x}{s:064x}"] for r, s in ((0, 1), (1, 0), (order, 1), (5, order - 5))]
    said = ask(tmp_path, digest=[text.hex() for text in texts], signed=signed, sm2=[example, *wrong])
    digests = [(hashlib.sha256(t).digest(), hashlib.sha512(t).digest(), digest.raw(t, "sm3")) for t in texts]
    assert said["digests"] == [[found.hex() for found in row] for row in digests]
    assert said["signed"] == [True] * 3 + [False] * 3
    assert said["sm2"] == [True] + [False] * len(wrong)


def test_it_judges_the_vectors_as_the_verifier_does(tmp_path: Path) -> None:
    vectors = json.loads((make_vectors.folder() / "receipt.json").read_text("utf-8"))
    good, bad = vectors["accepted"], [item["text"] for item in vectors["refused"]]
    keys = vectors["trust"]
    said = ask(tmp_path, judge=[[t, keys] for t in good] + [[t, None] for t in good] + [[t, keys] for t in bad])
    verdicts = [(item["ok"], item["proven"]) for item in said["judged"]]
    assert verdicts == [(True, True)] * 2 + [(True, False)] * 2 + [(False, False)] * len(bad)
    assert said["judged"][1]["facts"]["kind"] == "bidding.deposit-paid"
    assert set(said["judged"][1]["facts"]["cosigners"]) == {"supervisor", "neighbour"}


def test_no_flipped_byte_passes_it_under_brought_keys(tmp_path: Path) -> None:
    vectors = json.loads((make_vectors.folder() / "receipt.json").read_text("utf-8"))
    text, chance = vectors["accepted"][1], random.Random(7)
    spoilt = []
    for _ in range(40):
        place = chance.randrange(len(text))
        spoilt.append(text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :])
    said = ask(tmp_path, judge=[[t, vectors["trust"]] for t in spoilt])
    assert not any(item["ok"] for item in said["judged"])


def test_it_judges_terms_of_keys_as_the_verifier_does(tmp_path: Path) -> None:
    vectors = json.loads((make_vectors.folder() / "receipt.json").read_text("utf-8"))
    texts, ours = vectors["accepted"], forging.ours()
    size = notes.parse_checkpoint(notes.parse_note(json.loads(texts[0])["checkpoint"]).text).size
    position = json.loads(texts[0])["position"]
    log, own = f"log {ours.log.key.vkey()}", f"receipts {ours.receipts.key.vkey()}"
    cosigner = f"cosigner {ours.supervisor.key.vkey()}"
    other = next(name for name in digest.ALGORITHMS if name != digest.current())
    with digest.under(other):
        stranger = forging.ours().signer(forging.ORIGIN, 1).key.vkey()
    trusts = [
        f"{log} from {size} to {size}\n{own} to {position + 1}\n{cosigner} from 1 to {size}\n",
        f"{log} to {size - 1}\n{own}\n{cosigner}\n",
        f"{log} from {size + 1}\n{own}\n{cosigner}\n",
        f"{log}\n{own} to {position}\n{cosigner}\n",
        f"{log}\n{own} from {size + 5}\n{cosigner}\n",
        f"{log}\n{own}\n{cosigner} to {size - 1}\n",
        f"{log} to\n{own}\n{cosigner}\n",
        f"{log}\nlog {stranger}\n{own}\n{cosigner}\n",
    ]
    said = ask(tmp_path, judge=[[texts[0], trust] for trust in trusts])
    (tmp_path / "receipt").write_text(texts[0], "utf-8")
    verdicts = []
    for trust in trusts:
        (tmp_path / "trust").write_text(trust, "utf-8")
        found = verify.verify(str(tmp_path / "receipt"), str(tmp_path / "trust"))
        verdicts.append((not found.findings, found.proven and not found.findings))
    assert [(item["ok"], item["proven"]) for item in said["judged"]] == verdicts
    assert [ok for ok, _ in verdicts] == [True, False, False, False, True, False, False, False]
    assert "replaced" in said["judged"][1]["en"]


def test_it_proves_the_receipts_of_earlier_versions(tmp_path: Path) -> None:
    golden = Path(__file__).parents[4] / "tests" / "golden"
    for folder in sorted(path for path in golden.iterdir() if path.is_dir() and (path / "trust.txt").exists()):
        trust = (folder / "trust.txt").read_text("utf-8")
        texts = [path.read_text("utf-8") for path in sorted(folder.glob("receipt-*.json"))]
        said = ask(tmp_path, judge=[[text, trust] for text in texts])
        assert texts and all(item["ok"] and item["proven"] for item in said["judged"]), folder


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", "{}", "[" * 100_000, '{"a":1.5}', '"\\ud800"', "\x00", "9" * 5000]
)
def test_nothing_makes_it_stumble(text: str, tmp_path: Path) -> None:
    said = ask(tmp_path, judge=[[text, None], [text, "log x"], ["{}", text]])
    assert [item["ok"] for item in said["judged"]] == [False] * 3
    assert all(item["zh"] and item["en"] for item in said["judged"])


def test_it_needs_no_network() -> None:
    page = PAGE.read_text("utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|import\(|src=|crypto\.subtle", page)

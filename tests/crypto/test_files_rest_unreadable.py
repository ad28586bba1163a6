"""Trading files travel encrypted only, and a bid rests as ciphertext nobody at the centre can open before its time."""

import base64
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sealing_cast import NOW, SUMMARY, Cast

from mingzheng.adapters.crypto.kept_keys import kept_key
from mingzheng.adapters.crypto.rescue import lift_escrow, open_share, rescue
from mingzheng.adapters.crypto.seal import SignedSeal
from mingzheng.adapters.crypto.seal_check import check_seal
from mingzheng.adapters.crypto.unsealing import release_key
from mingzheng.adapters.storage.files import FileStore
from mingzheng.kernel import clock

PLAIN = "投标报价明细 bill of quantities 8,888,888.88".encode()
ASK = """
import django
django.setup()
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
for secure in (False, True):
    answer = SecurityMiddleware(lambda request: HttpResponse("files"))(RequestFactory().get("/upload", secure=secure))
    print(answer.status_code, answer.headers.get("Location", ""), answer.headers.get("Strict-Transport-Security", ""))
"""


def answers_in_production(state: Path) -> list[str]:
    """Status, Location and HSTS of the same request over plain HTTP and over TLS, under production settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MINGZHENG_", "DJANGO_"))}
    given = {"MINGZHENG_MODE": "production", "MINGZHENG_STATE": str(state), "DATABASE_URL": "postgresql:///none"}
    more = {**kept, **given, "DJANGO_SETTINGS_MODULE": "mingzheng.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=more, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def stored_bytes(folder: Path) -> bytes:
    """Everything the store keeps on its disk, one after the other."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.clause("RG-4.1-3")
def test_plain_http_is_redirected_and_a_submitted_bid_rests_as_ciphertext_no_administrator_can_open(
    cast: Cast, sealed, tmp_path: Path, code
) -> None:
    plain_http, over_tls = answers_in_production(tmp_path / "state")
    assert plain_http.startswith("301 https://")
    assert over_tls.startswith("200 ")
    assert "max-age=31536000" in over_tls

    bid = sealed(PLAIN * 5_000)
    store = FileStore(tmp_path / "store", key=tmp_path / "elsewhere" / "objects.key")
    content = bid.file.read_bytes()
    begun = store.create_upload(length=len(content), expires=clock.real() + timedelta(days=1))
    store.append(begun.id, 0, content)
    stored = store.finish(begun.id, "bids/one.mzb")
    on_disk = stored_bytes(tmp_path / "store")
    assert content in on_disk
    for known in (PLAIN[:24], b"8,888,888.88", SUMMARY["price"].encode(), "技术标".encode(), "李工".encode()):
        assert known not in on_disk

    with store.open("bids/one.mzb") as lying:
        file = Path(lying.name)
    everything = SignedSeal.loads(bid.signed.dumps())  # the most a database can hold of it, even unhidden
    seal = check_seal(everything, file, cast.terms, digest=stored.digest)
    secret = release_key(cast.bidder, seal).reveal()
    held = on_disk + bid.signed.dumps().encode()
    assert not [form for form in (secret, secret.hex().encode(), base64.b64encode(secret)) if form in held]
    assert code(lambda: lift_escrow(kept_key(tmp_path / "guessed", "escrow"), seal)) == "seal.wrong-key"
    assert code(lambda: release_key(cast.holders["centre"], seal)) == "seal.not-your-envelope"


def test_even_with_the_escrow_key_the_centre_alone_opens_nothing(cast: Cast, sealed, code) -> None:
    seal = sealed().signed.seal
    wrapped = lift_escrow(cast.escrow, seal)
    own = open_share(cast.holders["centre"], seal, "centre", wrapped["centre"])
    assert code(lambda: rescue(seal, {"centre": own})) == "seal.too-few-shares"
    for other in ("procuring_entity", "supervisor"):
        taken = lambda other=other: open_share(cast.holders["centre"], seal, other, wrapped[other])  # noqa: E731
        assert code(taken) == "seal.share-wrong"
    assert seal.made_at == NOW

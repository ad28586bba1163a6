"""A process of the `seal` bench that does with one bid what the server does: take the upload in, check, open, write out.

`python -m mingzheng.site.bench.sealing_server server|baseline SUITE FOLDER BYTES` prints one JSON line as `sealing_child`.
It needs the sealed bid `sealing_child seal` left in FOLDER, and no database: whose upload it is was asked before.
"""

from __future__ import annotations

import base64
import os
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO


def main() -> None:
    """Do what the arguments say, with the program loaded as the server loads it."""
    what, suite, place, size = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    os.environ.update(
        MINGZHENG_MODE="test", MINGZHENG_STATE=str(place / "state"), DJANGO_SETTINGS_MODULE="mingzheng.site.settings"
    )
    import django

    django.setup()
    from mingzheng.site.bench.sealing_child import tell

    began = time.perf_counter()
    if what != "baseline":
        _serve(suite, place, size)
    tell(began)


def _serve(suite: str, place: Path, size: int) -> None:
    from mingzheng.adapters.crypto.seal import SignedSeal
    from mingzheng.adapters.crypto.seal_check import check_seal
    from mingzheng.adapters.crypto.unsealing import release_key
    from mingzheng.adapters.storage import FileStore
    from mingzheng.kernel import clock, ports
    from mingzheng.site.bench.sealing_child import key_of, terms_of
    from mingzheng.site.ports.sealing import Sealing

    store, sealed, port = FileStore(place / f"store-{os.getpid()}"), place / "bid.mzb", Sealing()
    ports.use("store", store)
    text = (place / "bid.seal").read_text("utf-8")
    seal = SignedSeal.loads(text)
    upload = store.create_upload(length=sealed.stat().st_size, expires=clock.real() + timedelta(days=1))
    with sealed.open("rb") as source:
        store.append(upload.id, 0, _pieces(source))
    stored = store.finish(upload.id, "bids/one.mzb")
    with store.open(stored.name) as arrived:
        check_seal(seal, Path(arrived.name), terms_of(suite), digest=stored.digest)
    key = base64.b64encode(release_key(key_of(place, suite), seal.seal).reveal()).decode()
    problem = port.contradiction(text, key, stored.name)
    with (place / "opened").open("wb") as out:
        for piece in port.open_part(text, key, stored.name, 1):
            out.write(piece)
    if problem or (place / "opened").stat().st_size != size:
        raise SystemExit(f"the bid did not open: {problem}")
    (place / "opened").unlink()
    store.delete(stored.name)


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(1024 * 1024):
        yield piece


if __name__ == "__main__":
    main()

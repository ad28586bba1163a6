"""The little site of the bench, and what a bid needs besides: a tus upload that may be switched off, and the two acts."""

import base64
import html
import json
from pathlib import Path
from typing import Any

from sealing_cast import NOW, Cast

from mingzheng.adapters.crypto import acts
from mingzheng.adapters.crypto.seal import SignedSeal
from mingzheng.adapters.crypto.seal_check import check_seal
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.unsealing import verify_content_key
from mingzheng.kernel import clock
from mingzheng.site.bench import sealing_site
from mingzheng.site.bench.sealing_site import HEAD, POLICY, Answer, running

__all__ = ["HEAD", "POLICY", "SealingSite", "running"]

OPEN = """<form data-release="opening.release_key" data-lot="{lot}" data-bid="{bid}"
 data-seal-json="{seal}" data-next="/done"><button>open</button></form>"""


class SealingSite(sealing_site.SealingSite):
    """What arrived: the sealed file, its checked seal, and the content key that was released."""

    def __init__(self, cast: Cast, built: Path, folder: Path) -> None:
        super().__init__(cast.terms, built, NOW)
        self.cast = cast
        self.file = folder / "arrived.mzb"
        self.uploads_answer = True
        self.signed: SignedSeal | None = None
        self.released: Secret | None = None
        self.acts: list[str] = []

    @property
    def policy(self) -> str:
        return POLICY

    @property
    def head(self) -> str:
        return HEAD

    def page(self, path: str) -> str:
        found = super().page(path)
        if path == "/open" and self.signed:
            seal = self.signed.seal
            return found + OPEN.format(lot=seal.lot, bid=seal.bid, seal=html.escape(self.signed.dumps()))
        return found

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        if method == "GET":
            return super().answer(method, path, body)
        if method == "POST" and path == "/upload":
            self.file.write_bytes(b"")
            return Answer(201, headers={"Location": "/upload/0191d2c05e7a4c6e9d7f1f2e3d4c5b6a"})
        if method == "POST":
            done = self.act(path.removeprefix("/act/"), json.loads(body))
            return Answer(200, json.dumps(done).encode(), "application/json")
        if method == "PATCH" and not self.uploads_answer:
            return Answer(503)
        if method == "PATCH":
            with self.file.open("ab") as out:
                out.write(body)
        arrived = {"Upload-Offset": str(self.file.stat().st_size)}
        return Answer(204 if method == "PATCH" else 200, headers=arrived)

    def act(self, name: str, posted: dict[str, Any]) -> dict[str, Any]:
        text = acts.act_text(name, posted["fields"], posted["nonce"])
        acts.verify_act(text, posted["signature"]["signature"], self.cast.bidder.certificate)
        self.acts.append(text)
        if name == "bidding.submit_bid":
            self.signed = SignedSeal.loads(posted["fields"]["seal"])
            check_seal(self.signed, self.file, self.cast.terms, certificate=self.cast.bidder.certificate)
        else:
            assert self.signed is not None
            self.released = Secret(base64.b64decode(posted["secrets"]["content_key"]))
            verify_content_key(self.signed.seal, self.released)
        return {"act": name, "at": clock.text(NOW), "again": False, "events": [], "entries": []}

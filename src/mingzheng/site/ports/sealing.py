"""Sealed bids as the stages need them: terms, taking in, checking a released key, reading after the reading act."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from mingzheng.adapters.crypto import certificates, unsealing
from mingzheng.adapters.crypto.kept_keys import kept_key
from mingzheng.adapters.crypto.refusals import TRUNCATED
from mingzheng.adapters.crypto.seal import SignedSeal
from mingzheng.adapters.crypto.seal_check import check_seal
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.terms import RescueHolder, RescueTerms, SealingTerms
from mingzheng.adapters.storage.port import StorageFault
from mingzheng.kernel import digest, ports
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.legible import shown
from mingzheng.kernel.refusal import Refused, refusal
from mingzheng.stages.parties import queries as parties

NO_HOLDER = refusal(
    "seal.no-rescue-holder",
    what="应急解密份额的持有人（{holder}）还没有登记证书。",
    todo="请持有单位先登记证书。",
    status=409,
    evidence=False,
)
LARGEST = 4 * 1024**3
QUORUM = 2


@dataclass(frozen=True, slots=True)
class Taken:
    """A sealed bid that lies whole in the store and agrees with its seal."""

    bid: UUID
    object: str
    digest: str
    size: int
    consent: bool


def _object(name: str) -> Path:
    with ports.get("store").open(name) as file:
        return Path(file.name)


def file_name(given: str) -> str:
    """The last part of a name from inside a bid, short and with nothing hidden."""
    last = str(shown(given)).replace("\\", "/").rpartition("/")[2].strip()
    stem, dot, extension = last.rpartition(".")
    return (f"{stem[:120]}{dot}{extension[:12]}" if stem else last[:120]) or "file"


def _key(text: str) -> Secret:
    try:
        return Secret(base64.b64decode(text, validate=True))
    except ValueError:
        return Secret(b"")


class Sealing:
    """Seals come as the text of a .seal file, content keys as base64; neither is ever logged."""

    def terms(self, lot: UUID, suite: str, deadline: datetime, procuring_entity: UUID) -> dict[str, Any]:
        """Public sealing parameters: escrow key of the centre, rescue holders procuring entity, centre, supervisor."""
        folder = Path(settings.MINGZHENG_STATE) / "keys"
        supervisors = parties.people_with("supervisor")
        holders = (
            RescueHolder("procuring_entity", self._public(procuring_entity, folder, "rescue-procuring-entity", suite)),
            RescueHolder("centre", kept_key(folder, "rescue-centre", suite).public_key),
            RescueHolder(
                "supervisor",
                self._public(supervisors[0].organisation if supervisors else None, folder, "rescue-supervisor", suite),
            ),
        )
        rescue = RescueTerms(kept_key(folder, "escrow", suite).public_key, QUORUM, holders)
        return SealingTerms(lot, suite, deadline, LARGEST, rescue).as_json()

    def _public(self, organisation: UUID | None, folder: Path, name: str, suite: str) -> bytes:
        """The holder's own certificate key. Only a demo may keep one for it: with two of three shares in its own folder a
        real centre could open bids before the deadline."""
        for one in parties.certificates_in(organisation) if organisation else []:
            if one.revoked_at is None and certificates.facts(one.pem).suite == suite:
                return certificates.public_key_of(one.pem)
        if not settings.SIMULATED:
            raise NO_HOLDER(holder=name)
        return kept_key(folder, name, suite).public_key

    def take(
        self, upload: str, *, owner: Actor, seal: str, terms: dict[str, Any], certificate: str,
        taken: Callable[[UUID], bool],
    ) -> Taken:  # fmt: skip
        """Turn a complete upload into an object and check it against its seal; safe to repeat after a lost answer."""
        from mingzheng.site.uploads import owned

        owned.require(upload, owner)
        store, name = ports.get("store"), f"bids/{upload}.mzb"
        stored = store.stat(name)
        if stored is None:
            try:
                stored = store.finish(upload, name)
            except StorageFault as fault:
                raise TRUNCATED(expected="—", actual=fault.offset or 0) from None
        signed = SignedSeal.loads(seal)
        found = check_seal(
            signed, _object(name), SealingTerms.from_json(terms), certificate=certificate, taken=taken,
            digest=stored.digest,
        )  # fmt: skip
        return Taken(found.bid, name, stored.digest, stored.size, found.rescue is not None)

    def verify_key(self, seal: str, content_key: str) -> None:
        """Refused unless this is the key the seal commits to."""
        unsealing.verify_content_key(SignedSeal.loads(seal).seal, _key(content_key))

    def contradiction(self, seal: str, content_key: str, name: str) -> str:
        """'' when every part of the file is what was sealed, else the refusal's code; nothing is kept or shown."""
        found, path = SignedSeal.loads(seal).seal, _object(name)
        try:
            unsealing.read_summary(
                _key(content_key), found, path
            )  # a summary that cannot be read is a contradiction too
            for part in range(1, len(found.parts)):
                for _ in unsealing.open_part(_key(content_key), found, path, part):
                    pass
        except Refused as refused:
            return refused.code
        return ""

    def read_summary(self, seal: str, content_key: str, name: str) -> dict[str, Any]:
        """The opening summary (only the reading act calls this); what nobody could see in it is written out."""
        found: dict[str, Any] = shown(
            unsealing.read_summary(_key(content_key), SignedSeal.loads(seal).seal, _object(name))
        )
        return found

    def parts(self, seal: str, content_key: str, name: str) -> list[dict[str, Any]]:
        """Files of a bid after the reading act: part, name, size."""
        found, path = SignedSeal.loads(seal).seal, _object(name)
        rows = []
        for part in range(1, len(found.parts)):
            heading = unsealing.heading_of(_key(content_key), found, path, part)
            rows.append({"part": part, "name": file_name(heading.name), "size": heading.size})
        return rows

    def open_part(self, seal: str, content_key: str, name: str, part: int) -> Iterator[bytes]:
        return unsealing.open_part(_key(content_key), SignedSeal.loads(seal).seal, _object(name), part)

    def digest(self, text: str) -> str:
        return digest.of(text.encode())


def wire() -> None:
    ports.use("sealing", Sealing())

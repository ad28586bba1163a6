"""A statutory medium for one machine: copies in a folder, as the public would see them there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from mingzheng.adapters.media.port import MediaReceipt, MediumRefused, digest_of
from mingzheng.adapters.storage import disk
from mingzheng.kernel import canonical, clock


class FolderMedium:
    """A `StatutoryMedium` that keeps each document as `<reference>.copy` and its receipt as `<reference>.json`.

    `address` is where the public reads it; `{reference}` stands for the reference.
    """

    def __init__(self, name: str, folder: Path | str, *, address: str = "") -> None:
        self.name = name
        self._folder = Path(folder)
        self._address = address

    @classmethod
    def of_state(cls, name: str, state: Path | str, *, address: str = "") -> FolderMedium:
        """The medium of this name in a deployment's state folder."""
        return cls(name, Path(state) / "media" / hashlib.sha256(name.encode()).hexdigest()[:16], address=address)

    def __repr__(self) -> str:
        return f"FolderMedium({self.name!r})"

    def publish(self, *, document_id: str, title: str, kind: str, content: bytes, digest: str) -> MediaReceipt:
        """See `StatutoryMedium`."""
        if digest_of(content, like=digest) != digest:
            raise MediumRefused("the digest is not the content's")
        reference = hashlib.sha256(f"{self.name}\n{document_id}".encode()).hexdigest()[:20]
        note = self._folder / f"{reference}.json"
        if note.is_file():
            before = self._receipt(note)
            if before.digest != digest:
                raise MediumRefused("this document was published with other content")
            return before
        disk.folder(self._folder)
        disk.replace(self._folder / f"{reference}.copy", content, self._folder)
        noted = {
            "at": clock.text(clock.now()),
            "digest": digest,
            "document": document_id,
            "kind": kind,
            "reference": reference,
            "title": title,
        }
        disk.replace(note, canonical.dumps(noted).encode(), self._folder)
        return self._receipt(note)

    def read_back(self, reference: str) -> bytes:
        """See `StatutoryMedium`."""
        if not reference.isalnum():
            raise LookupError(reference)
        try:
            return (self._folder / f"{reference}.copy").read_bytes()
        except FileNotFoundError:
            raise LookupError(reference) from None

    def _receipt(self, note: Path) -> MediaReceipt:
        noted = json.loads(note.read_bytes())
        reference = str(noted["reference"])
        return MediaReceipt(
            medium=self.name,
            document=noted["document"],
            reference=reference,
            digest=noted["digest"],
            url=self._address.replace("{reference}", reference) or (self._folder / f"{reference}.copy").as_uri(),
            at=clock.parse(noted["at"]),
        )

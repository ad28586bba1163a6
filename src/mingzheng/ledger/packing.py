"""Writing proof to a folder: the archive of one lot, or the whole ledger (docs/formats/archive.md).

Pure: everything comes in as values, nothing is asked of a database. What was written is verified before it gets its
name, so no folder that fails its own verifier is ever left behind.
"""

import functools
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingzheng.kernel import canonical, digest
from mingzheng.ledger import notes, tree, verify
from mingzheng.ledger.prover import Prover
from mingzheng.ledger.readme import README
from mingzheng.ledger.receipts import InCell, Place, Written

MOST_LEAVES = 65_536
"""Up to this size an archive carries all leaf hashes (2 MiB); beyond, consistency proofs for the anchors given."""


class PackingFailed(Exception):
    """The folder would not prove what it should; `args` name what is wrong."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as it goes into a folder: its text (and opening), its position or that of its cell, and the cell."""

    entry: Written
    position: int
    cell: InCell | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """The platform log at one checkpoint: the (cosigned) note and where tiles are read."""

    checkpoint: str
    read: tree.TileReader

    def raw(self, level: int, index: int) -> bytes:
        """A tile as one string, for the prover."""
        return b"".join(self.read(level, index))

    @property
    def head(self) -> notes.Checkpoint:
        return notes.parse_checkpoint(notes.parse_note(self.checkpoint).text)

    def leaves(self) -> bytes:
        """All leaf hashes up to the checkpoint, one after another."""
        size = self.head.size
        hashes = (node for index in range(-(-size // tree.TILE_WIDTH)) for node in self.read(0, index))
        return b"".join(hashes)[: 32 * size]


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """keys.json: whose signatures stand in the folder. Certificates: name as in the entries -> DER."""

    log: Sequence[notes.Key]
    receipts: Sequence[notes.Key]
    cosigners: Sequence[tuple[notes.Key, str]] = ()
    certificates: Mapping[str, bytes] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "certificates": {name: notes.base64_text(der) for name, der in self.certificates.items()},
            "cosigners": [{"name": key.name, "role": role, "vkey": key.vkey()} for key, role in self.cosigners],
            "format": verify.KEYS,
            "log": [key.vkey() for key in self.log],
            "receipts": [key.vkey() for key in self.receipts],
        }


def closing_body(streams: Mapping[str, tuple[int, bytes]], documents: Mapping[str, str]) -> dict[str, Any]:
    """The two fields every `archiving.file-closed` event has.

    `streams`: stored stream name -> (length, digest of its last entry), the lot's own stream as it stood before the
    closing entry. `documents`: path in the archive (documents/... or bids/...) -> "sha256:<hex>" of the file.
    """
    ours = digest.current()
    heads = {name: {"head": digest.named(ours, head), "length": length} for name, (length, head) in streams.items()}
    return {"documents": dict(documents), "streams": heads}


def write_archive(
    folder: Path,
    *,
    main: str,
    streams: Mapping[str, Sequence[Item]],
    log: Log,
    keys: PublicKeys,
    signer: notes.NoteSigner,
    files: Mapping[str, bytes | Path],
    promises: Iterable[str] = (),
    anchors: Iterable[str] = (),
) -> Path:
    """Write the archive of the lot whose stream is `main`; `folder` must not exist yet.

    `streams`: stored name -> entries from number 1, exactly as many as the closing entry lists; `main` ends with it.
    `files`: path (documents/..., bids/...) -> content. `anchors`: older checkpoint notes, used when the log is large.
    PackingFailed if the result does not verify (a checkpoint that does not cover the closing entry, a missing file).
    """
    parts = _ledger_parts(streams, log, promises)
    if log.head.size <= MOST_LEAVES:
        parts["ledger/leaves.bin"] = log.leaves()
    prover = Prover(functools.cache(log.raw))
    parts["ledger/anchors.jsonl"] = _lines(_anchor(note, log, prover) for note in anchors)
    return _write(folder, verify.ARCHIVE, main, {**files, **parts}, log, keys, signer)


def write_ledger(
    folder: Path,
    *,
    streams: Mapping[str, Sequence[Item]],
    cells: Iterable[tuple[int, str]],
    log: Log,
    keys: PublicKeys,
    signer: notes.NoteSigner,
    promises: Iterable[str] = (),
) -> Path:
    """Write a whole ledger: all public entries, the sealed ones that may be shown, and every cell (position, text).

    Each leaf of the tree must be there as an entry or as a cell, or the verifier calls the ledger not whole.
    """
    parts = _ledger_parts(streams, log, promises)
    parts["ledger/cells.jsonl"] = _lines({"position": position, "text": text} for position, text in cells)
    parts["ledger/leaves.bin"] = log.leaves()
    return _write(folder, verify.LEDGER, "", parts, log, keys, signer)


def _ledger_parts(streams: Mapping[str, Sequence[Item]], log: Log, promises: Iterable[str]) -> dict[str, bytes | Path]:
    prover, size = Prover(functools.cache(log.raw)), log.head.size
    parts: dict[str, bytes | Path] = {"ledger/checkpoint.txt": log.checkpoint.encode()}
    for name, items in streams.items():
        late = [item for item in items if item.position >= size]
        if late:
            raise PackingFailed(f"the checkpoint of {size} leaves does not cover all of {name}")
        if items:
            parts[stream_path(name)] = _lines(
                stream_line(item, prover.inclusion(item.position, size)) for item in items
            )
    parts["ledger/promises.jsonl"] = _lines({"promise": note} for note in promises)
    return parts


def stream_path(stream: str) -> str:
    """Where a stream's entries stand in the folder."""
    return f"ledger/streams/{stream.replace(':', '-')}.jsonl"


def stream_line(item: Item, proof: Sequence[bytes]) -> dict[str, Any]:
    """An entry with its place, as one line of a stream's file."""
    place = Place(item.position, tuple(proof), item.cell)
    said: dict[str, Any] = {"position": place.position, "proof": [node.hex() for node in place.proof]}
    if place.cell is not None:
        said["cell"] = place.cell.as_json()
    return {**item.entry.as_json(), "place": said}


def _anchor(note: str, log: Log, prover: Prover) -> dict[str, Any]:
    old = notes.parse_checkpoint(notes.parse_note(note).text)
    proof = prover.consistency(old.size, log.head.size)
    return {"checkpoint": note, "proof": [node.hex() for node in proof]}


def _lines(values: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(canonical.dumps(value) + "\n" for value in values).encode()


def _write(
    folder: Path,
    kind: str,
    main: str,
    parts: Mapping[str, bytes | Path],
    log: Log,
    keys: PublicKeys,
    signer: notes.NoteSigner,
) -> Path:
    """Write aside, seal, verify, and only then give the folder its name."""
    if folder.exists():
        raise FileExistsError(folder)
    aside = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(aside, ignore_errors=True)
    whole = {
        **{path: content for path, content in parts.items() if content != b"" or not path.startswith("ledger/")},
        "keys.json": canonical.dumps(keys.as_json()).encode(),
        "README.txt": README.encode(),
        "verify.py": Path(verify.__file__),
    }
    for path, content in whole.items():
        _put(aside, path, content)
    seal(aside, kind, log.head.origin, main, signer)
    findings = verify.verify(str(aside)).findings
    if findings:
        shutil.rmtree(aside)
        raise PackingFailed("; ".join(f"{f['file']} #{f['entry']}: {f['en']}" for f in findings[:5]))
    aside.rename(folder)
    return folder


def _put(folder: Path, path: str, content: bytes | Path) -> None:
    segments = path.split("/")
    if not {"", ".", ".."}.isdisjoint(segments) or "\\" in path or any(c < " " for c in path):
        raise PackingFailed(f"not a path for an archive: {path!r}")
    target = folder.joinpath(*segments)
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copyfile(content, target)
    else:
        target.write_bytes(content)


def seal(folder: Path, kind: str, origin: str, main: str, signer: notes.NoteSigner) -> None:
    """Write manifest.json over every file in the folder and manifest.sig over the manifest."""
    listed, algorithm = [], signer.key.digest
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name not in ("manifest.json", "manifest.sig"):
            size, found = verify.hash_file(path, algorithm)
            listed.append({"digest": found, "path": name, "size": size})
    listed.sort(key=lambda item: str(item["path"]))
    manifest = canonical.dumps({"files": listed, "format": kind, "log": origin, "stream": main}).encode()
    (folder / "manifest.json").write_bytes(manifest)
    whole = verify.hash_file(folder / "manifest.json", algorithm)[1]
    (folder / "manifest.sig").write_text(signer.sign(f"{verify.MANIFEST}\n{origin}\n{whole}\n").render(), "utf-8")

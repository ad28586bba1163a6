"""What a cosigner keeps in its own folder: its keys with the statements of new ones, and the present key of each log.

`key` (Ed25519) or `key.sm2` is the first private key, `key-2`, `key-3` ... those that replaced it; `rotation-2` is the
statement by which the first named the second. `log-<hash>` holds the statement by which a log's key was replaced.
"""

import os
from hashlib import sha256
from pathlib import Path

from mingzheng.kernel import sm2
from mingzheng.ledger import notes, signing


def write_durably(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace a file so that after a crash either the old or the new content is there, on the disk."""
    aside = path.with_name(path.name + ".new")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class CosignerKeys:
    """The keys a cosigner signs with: the present one last, before it those not yet retired."""

    def __init__(self, name: str, state: Path, algorithm: str) -> None:
        self.name, self.state = name, state
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.numbers = sorted(self._number(path) for path in state.glob("key*") if path.suffix != ".new")
        self.suffix = ".sm2" if algorithm == "sm3" else ""
        if any(path.suffix != self.suffix for path in state.glob("key*") if path.suffix != ".new"):
            raise ValueError(f"{state} holds keys of another suite")
        self.signers = [self._signer(number) for number in self.numbers or [1]]
        self.numbers = self.numbers or [1]

    @staticmethod
    def _number(path: Path) -> int:
        return int(path.stem.removeprefix("key").removeprefix("-") or 1)

    def _path(self, number: int) -> Path:
        return self.state / (("key" if number == 1 else f"key-{number}") + self.suffix)

    def _signer(self, number: int) -> notes.NoteSigner:
        path = self._path(number)
        if not path.exists():
            write_durably(path, (sm2.generate() if self.suffix else os.urandom(32)).hex() + "\n", 0o600)
        raw = bytes.fromhex(path.read_text("ascii").strip())
        private: signing.Private = signing.Sm2(raw) if self.suffix else signing.Ed25519(raw)
        return notes.NoteSigner(self.name, private, notes.COSIGNER)

    def statement(self) -> str:
        """The statement of the present key by the one before; '' for the first."""
        path = self.state / f"rotation-{self.numbers[-1]}"
        return path.read_text("utf-8") if path.exists() else ""

    def rotate(self, time: int) -> str:
        """Make the next key; returns its statement, signed by the present key and by itself, for the log's operator."""
        number, old = self.numbers[-1] + 1, self.signers[-1]
        new = self._signer(number)
        text = notes.rotation_text("cosigner", old.key, new.key)
        statement = notes.Note(text, (old.line(text, time), new.line(text, time))).render()
        write_durably(self.state / f"rotation-{number}", statement)
        self.numbers.append(number)
        self.signers.append(new)
        return statement

    def retire(self) -> None:
        """Destroy every private key before the present one."""
        for number in self.numbers[:-1]:
            self._path(number).unlink()
        self.numbers, self.signers = self.numbers[-1:], self.signers[-1:]


class KnownLogs:
    """The logs a cosigner watches, each with its present key: the one it was given, or what replaced that one since."""

    def __init__(self, state: Path, given: list[notes.Key]) -> None:
        self.state = state
        self.present = {log.name: log for log in given}
        for path in sorted(state.glob("log-*")):
            _, old, new = notes.parse_rotation(path.read_bytes())
            if self.present.get(old.name) == old:
                self.present[old.name] = new

    def follow(self, new: notes.Key, statement: str) -> None:
        """Take a log's new key; its statement is kept."""
        count = len(list(self.state.glob("log-*")))
        write_durably(self.state / f"log-{count + 1:04}-{sha256(statement.encode()).hexdigest()[:16]}", statement)
        self.present[new.name] = new

    def digest(self, origin: str) -> str:
        """The digest algorithm of a log it watches."""
        return self.present[origin].digest

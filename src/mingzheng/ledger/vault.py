"""The vault: what may not be known yet is stored encrypted under a key that lies outside the database.

A dump of the database without the vault's key shows neither bidders, payers, experts, prices nor contents.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


def key_file(name: str, size: int = 32, make: Callable[[], bytes] | None = None) -> bytes:
    """Read a secret of the deployment, made at first use (mode 600, written whole or not at all).

    What is made is `size` random bytes, or what `make` returns.
    """
    folder = Path(settings.MINGZHENG_STATE) / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        fresh = folder / f".{name}.{os.getpid()}.{os.urandom(4).hex()}"
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(make() if make else os.urandom(size))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


@cache
def _cipher(state: str) -> AESGCM:
    return AESGCM(key_file("vault.key"))


@cache
def _tag_key(state: str) -> bytes:
    return hashlib.sha256(b"mingzheng tag" + key_file("vault.key")).digest()


def hide(plain: bytes, about: str) -> bytes:
    """Encrypt `plain`; `about` (what it belongs to) must be the same when it is revealed."""
    nonce = os.urandom(12)
    return nonce + _cipher(str(settings.MINGZHENG_STATE)).encrypt(nonce, plain, about.encode())


def reveal(box: bytes, about: str) -> bytes:
    """Decrypt what `hide` made. cryptography.exceptions.InvalidTag when key, place or bytes differ."""
    box = bytes(box)
    return _cipher(str(settings.MINGZHENG_STATE)).decrypt(box[:12], box[12:], about.encode())


def tag(*parts: object) -> str:
    """A look-up handle (32 hex characters) for something hidden: equal parts, equal tag; meaningless without the key."""
    text = "\x1f".join(str(part) for part in parts)
    return hmac.new(_tag_key(str(settings.MINGZHENG_STATE)), text.encode(), hashlib.sha256).hexdigest()[:32]


def hidden_uuid(*parts: object) -> UUID:
    """A stable pseudonym in UUID form."""
    return UUID(tag(*parts))


class HiddenText(models.Field):  # type: ignore[type-arg]
    """A text column that is ciphertext in the database. It cannot be searched: keep a `tag` beside it for look-ups."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def about(self) -> str:
        return f"{self.model._meta.label}.{self.attname}"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self.opened(reveal(value, self.about()).decode("utf-8"))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return connection.Database.Binary(hide(self.closed(value).encode("utf-8"), self.about()))

    def get_default(self) -> Any:
        return super().get_default() if self.has_default() else ""

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        return "***"

    def opened(self, text: str) -> Any:
        return text

    def closed(self, value: Any) -> str:
        return str(value)


class HiddenJSON(HiddenText):
    """Like HiddenText, for JSON values."""

    def opened(self, text: str) -> Any:
        return json.loads(text)

    def closed(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def get_default(self) -> Any:
        return super().get_default() if self.has_default() else {}

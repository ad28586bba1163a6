"""Keys the centre keeps outside the database: one file a key in $MINGZHENG_STATE/keys, readable by its owner only."""

import re
from pathlib import Path

from mingzheng.adapters.crypto.ca import keep_private
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")


class KeptKey:
    """A private key in a file: it unwraps and signs, and shows only its public half."""

    def __init__(self, suite_name: str, private: Secret) -> None:
        self.suite = suite_name
        self._private = private
        self.public_key = suite(suite_name).public_key(private.reveal())

    def unwrap(self, wrapped: bytes, context: bytes) -> Secret:
        """A secret wrapped for this key. Refused `seal.wrong-key`."""
        return Secret(suite(self.suite).unwrap(self._private.reveal(), wrapped, context))

    def wrap(self, secret: Secret, context: bytes) -> bytes:
        """Wrap a secret for this key (a released content key until the reading act)."""
        return suite(self.suite).wrap(self.public_key, secret.reveal(), context)

    def sign(self, message: bytes) -> bytes:
        return suite(self.suite).sign(self._private.reveal(), message)


def kept_key(folder: Path, name: str, suite_name: str = "INTL-1") -> KeptKey:
    """The key `name` (such as `escrow`), made at first use (safe when two start at once). ValueError for odd names."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a key name: {name!r}")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = folder / f"{name}.{suite_name.lower()}.p8"
    if not place.exists():
        keep_private(place, suite(suite_name).new_private_key())
    return KeptKey(suite_name, Secret(place.read_bytes()))

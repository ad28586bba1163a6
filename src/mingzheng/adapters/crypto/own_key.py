"""A person's own key, wherever it rests: in a key file on this machine, or in a device behind the signing agent."""

from typing import Protocol

from mingzheng.adapters.crypto.secret import Secret


class OwnKey(Protocol):
    """What sealing and opening a bid need of it."""

    @property
    def certificate(self) -> str:
        """PEM."""
        ...

    @property
    def fingerprint(self) -> str:
        """Of the certificate."""
        ...

    @property
    def public_key(self) -> bytes:
        """SPKI DER."""
        ...

    @property
    def suite(self) -> str:
        """The suite the key belongs to."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The suite's raw signature over `message`."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> Secret:
        """A secret wrapped for this key. Refused `seal.wrong-key`."""
        ...

"""What the agent needs from a key and from the person who holds it.

`Signer` is the seam for other hardware: SM2 tokens speak SKF or SDF instead of PKCS#11 and would come in here.
"""

from typing import Protocol

from mingzheng.adapters.crypto.secret import Secret


class Signer(Protocol):
    """A key that signs and unwraps without being readable. One certificate, one suite."""

    @property
    def certificate(self) -> str:
        """PEM."""
        ...

    @property
    def suite(self) -> str:
        """`INTL-1`, told by the curve of the certificate's key."""
        ...

    @property
    def label(self) -> str:
        """What the device calls itself."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The suite's one signature over `message`. Refused `agent.token-removed`."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> Secret:
        """A secret wrapped for this key. Refused `seal.wrong-key`, `agent.token-removed`."""
        ...


class Person(Protocol):
    """Who sits before the agent's terminal."""

    def tell(self, lines: list[str]) -> None:
        """Show something."""
        ...

    def agrees(self, lines: list[str]) -> bool:
        """Show what is asked for and wait for the answer."""
        ...

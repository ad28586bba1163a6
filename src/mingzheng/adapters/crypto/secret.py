"""Bytes that must never be printed: a content key, a private key, a share."""

import hmac
from typing import NoReturn


class Secret:
    """Wraps secret bytes so that a log line, a traceback or a JSON dump shows only their length.

    `reveal()` is the one way to the bytes; a secret cannot be pickled, formatted, or compared byte by byte.
    """

    __slots__ = ("_content",)

    def __init__(self, content: bytes) -> None:
        self._content = bytes(content)

    def reveal(self) -> bytes:
        """The bytes themselves, for the one call that needs them."""
        return self._content

    def __len__(self) -> int:
        return len(self._content)

    def __repr__(self) -> str:
        return f"<secret of {len(self._content)} bytes>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._content, other._content)

    __hash__ = None  # type: ignore[assignment]  # equal secrets must not meet in a dictionary

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not serialised")

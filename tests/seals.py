"""Papers with seal and time-stamp in tests: switched on for a while, or with the signer out of order."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from mingzheng.kernel import ports
from mingzheng.site.ports import documents


@contextmanager
def sealing() -> Iterator[Any]:
    """The deployment seals papers with its own key; gives the port."""
    before, settings.MINGZHENG_PAPER_SEAL = settings.MINGZHENG_PAPER_SEAL, "demo"
    documents.wire()
    try:
        yield ports.get("paper_seals")
    finally:
        settings.MINGZHENG_PAPER_SEAL = before
        documents.wire()


class OutOfOrder:
    """A seal whose key does not answer."""

    active = True

    def seal(self, paper: bytes, at: Any) -> Any:
        raise OSError("the token was pulled out")

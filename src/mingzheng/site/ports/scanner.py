"""Checks of files after opening: the platform's own, and a virus scanner where the deployment names one."""

from django.conf import settings

from mingzheng.adapters.scanning import Clamd, FileScanner
from mingzheng.kernel import ports


def address_of(text: str) -> str | tuple[str, int]:
    """A path stays one; `host:port` becomes both."""
    host, colon, port = text.rpartition(":")
    return (host, int(port)) if colon and port.isdigit() and "/" not in text else text


def wire() -> None:
    """With a scanner named, a file it cannot look at is not given out: there is no way back to none by failing."""
    named = settings.MINGZHENG_SCANNER
    ports.use("scanner", FileScanner(Clamd(address_of(named)) if named else None, alone=True))

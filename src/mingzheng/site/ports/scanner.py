"""Checks of files after opening."""

from mingzheng.adapters.scanning import FileScanner
from mingzheng.kernel import ports


def wire() -> None:
    ports.use("scanner", FileScanner())

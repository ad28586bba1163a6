"""Checks of uploaded files."""

from mingzheng.adapters.scanning.clamd import Clamd
from mingzheng.adapters.scanning.local import FileScanner
from mingzheng.adapters.scanning.port import Finding, Scanned, Scanner

__all__ = ["Clamd", "FileScanner", "Finding", "Scanned", "Scanner"]

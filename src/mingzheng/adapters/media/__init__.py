"""Statutory media: publishing with a receipt, and reading back to compare."""

from mingzheng.adapters.media.direct import DirectMedium
from mingzheng.adapters.media.local import FolderMedium
from mingzheng.adapters.media.port import (
    Comparison,
    MediaReceipt,
    MediumRefused,
    MediumUnavailable,
    StatutoryMedium,
    compare,
    digest_of,
)

__all__ = [
    "Comparison",
    "DirectMedium",
    "FolderMedium",
    "MediaReceipt",
    "MediumRefused",
    "MediumUnavailable",
    "StatutoryMedium",
    "compare",
    "digest_of",
]

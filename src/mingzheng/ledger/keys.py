"""The deployment's own signing keys, files outside the database: the log's (checkpoints, manifests) and the receipts'."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from mingzheng.ledger.notes import NoteSigner
from mingzheng.ledger.vault import key_file


@cache
def _private(state: str, name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key_file(f"{name}.ed25519"))


def log_signer() -> NoteSigner:
    """Signs checkpoints and manifests under the log's origin."""
    return NoteSigner(settings.MINGZHENG_ORIGIN, _private(str(settings.MINGZHENG_STATE), "log"))


def receipts_signer() -> NoteSigner:
    """Signs promises."""
    return NoteSigner(f"{settings.MINGZHENG_ORIGIN}/receipts", _private(str(settings.MINGZHENG_STATE), "receipts"))

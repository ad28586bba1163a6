"""Which papers are sealed, and when sealing is tried again."""

from datetime import datetime, timedelta

PLAIN, WAITING, SEALED, LEFT = "plain", "waiting", "sealed", "left"
#: Papers filed once for signing and once more with all signatures: only the signed one is sealed.
SIGNED_FIRST = frozenset({"evaluation_report"})
LONGEST_PAUSE = timedelta(minutes=10)


def wanted(kind: str, signers: tuple[str, ...]) -> bool:
    """Whether a paper of this kind, filed with these signers, gets the seal."""
    return kind not in SIGNED_FIRST or bool(signers)


def next_try(tries: int, at: datetime) -> datetime:
    """After 5 seconds, then twice as long each time, at most ten minutes."""
    return at + min(timedelta(seconds=5 * 2 ** min(tries, 10)), LONGEST_PAUSE)

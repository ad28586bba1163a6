"""The deployment's own signing keys, files outside the database: the log's (checkpoints, manifests) and the receipts'.

Ed25519 in suite INTL-1, SM2 in GM-1. A key may be replaced: the old one states the new one in the ledger (`rotating`), and
from the first checkpoint that covers the statement on the new one signs. Each key has a term, counted in leaves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import connection

from mingzheng.kernel import digest, sm2
from mingzheng.ledger import signing
from mingzheng.ledger.notes import Key, NoteSigner, parse_vkey
from mingzheng.ledger.vault import key_file

LOG = "log"
RECEIPTS = "receipts"
COSIGNER = "cosigner"


@dataclass(frozen=True, slots=True)
class Term:
    """A key and the trees it counts for: of `first` to `last` leaves (None: it is the present key, or not yet settled)."""

    key: Key
    number: int
    first: int | None
    last: int | None

    def covers(self, size: int) -> bool:
        return self.first is not None and self.first <= size and (self.last is None or size <= self.last)

    def trust(self, begins: bool = True) -> str:
        """As it stands in a key file of a checking person, after the role; a receipts key only ends (`begins` false)."""
        first = f" from {self.first}" if self.first and begins else ""
        return self.key.vkey() + first + (f" to {self.last}" if self.last is not None else "")


def log_signer(size: int | None = None, *, rotated: bool = True) -> NoteSigner:
    """Signs checkpoints and manifests under the log's origin. `size`: of the tree to be signed, else the newest key.

    `rotated`: whether the log's key was ever replaced, where the caller knows that it never was.
    """
    found = terms(LOG, settings.MINGZHENG_ORIGIN) if rotated else []
    begun = [term for term in found if term.first is not None and (size is None or term.covers(size))]
    return _signer(LOG, begun[-1].number if begun else 1, begun[-1].key if begun else None)


def receipts_signer() -> NoteSigner:
    """Signs promises."""
    found = terms(RECEIPTS, name_of(RECEIPTS))
    return _signer(RECEIPTS, found[-1].number if found else 1, found[-1].key if found else None)


def name_of(role: str) -> str:
    """The name in the notes of one of the platform's own keys."""
    return settings.MINGZHENG_ORIGIN if role == LOG else f"{settings.MINGZHENG_ORIGIN}/{role}"


def own_terms(role: str) -> list[Term]:
    """All terms of the log's or the receipts' key, the first key's alone as long as it was never replaced."""
    return terms(role, name_of(role)) or [Term(_signer(role, 1, None).key, 1, 0, None)]


TERMS = """
select k.number, k.vkey, l.position, (
  select c.position from ledger_leaf c where c.cell is not null and c.position > l.position
  order by c.position offset 1 limit 1)
from ledger_key k left join ledger_leaf l on l.stream = 'centre' and l.number = k.entry
where k.role = %s and k.name = %s order by k.number
"""


def terms(role: str, name: str) -> list[Term]:
    """The terms of a key that was replaced at least once, oldest first; nothing for one that never was.

    A log's or cosigner's old key ends with the last tree that does not hold the statement. A receipts key ends two cells
    later: what was promised just before finds its place until then.
    """
    with connection.cursor() as cursor:
        cursor.execute(TERMS, [role, name])
        rows = cursor.fetchall()
    found = []
    for place, (number, vkey, position, _) in enumerate(rows):
        first = 0 if number == 1 else None if position is None else position + 1
        last = None
        if place + 1 < len(rows):
            _, _, position, cell = rows[place + 1]
            last = position if role != RECEIPTS else None if cell is None else cell + 1
        found.append(Term(parse_vkey(vkey), number, first, last))
    return found


def new_signer(role: str, number: int) -> NoteSigner:
    """The signer of the key file with this number, made if it is not there."""
    return _load(str(settings.MINGZHENG_STATE), role, number, name_of(role), digest.current())


def _signer(role: str, number: int, wanted: Key | None) -> NoteSigner:
    found = _load(str(settings.MINGZHENG_STATE), role, number, name_of(role), digest.current())
    if wanted is not None and found.key != wanted:
        raise RuntimeError(f"the file of key {number} of {found.key.name} does not hold the key the ledger names")
    return found


@cache
def _load(state: str, role: str, number: int, name: str, algorithm: str) -> NoteSigner:
    stem = role if number == 1 else f"{role}-{number}"
    makers: dict[str, tuple[str, Callable[[], bytes] | None, Callable[[bytes], signing.Private]]] = {
        "sha256": ("ed25519", None, signing.Ed25519),
        "sm3": ("sm2", sm2.generate, signing.Sm2),
    }
    suffix, make, private = makers[algorithm]
    return NoteSigner(name, private(key_file(f"{stem}.{suffix}", make=make)))

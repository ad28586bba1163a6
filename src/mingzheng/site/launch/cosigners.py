"""The deployment's side of cosigning: the newest checkpoint is shown to every cosigner that has not signed it yet."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from mingzheng.kernel import clock
from mingzheng.ledger import cosigning, notes, sequencing, tree

_seen: dict[str, int] = {}


def witnesses() -> list[cosigning.Witness]:
    """The cosigners of MINGZHENG_COSIGNERS: `address vkey`, separated by commas."""
    found = []
    for text in settings.MINGZHENG_COSIGNERS:
        url, _, vkey = text.strip().partition(" ")
        if vkey:
            found.append(cosigning.Witness(url, notes.parse_vkey(vkey)))
    return found


def cosign_newest() -> int:
    """Collect missing cosignatures of the newest checkpoint; how many came. One that is down is asked again later."""
    with connection.cursor() as cursor:
        cursor.execute("select size, note, cosigned from ledger_checkpoint order by size desc limit 1")
        row = cursor.fetchone()
    if row is None:
        return 0
    size, text, cosigned = row
    missing = [witness for witness in witnesses() if witness.key.name not in cosigned]
    if not missing:
        return 0

    def prove(old: int, new: int) -> list[bytes]:
        return tree.consistency_proof(sequencing.read_tile, old, new)

    result = cosigning.cosign(notes.parse_note(text), prove, missing, _seen, time=int(clock.now().timestamp()))
    came = [witness.key.name for witness in missing if witness.key.name not in result.missing]
    if came:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "update ledger_checkpoint set note = %s, cosigned = cosigned || %s::text[] where size = %s and note = %s",
                [result.note.render(), came, size, text],
            )
    return 0 if result.missing else len(came)

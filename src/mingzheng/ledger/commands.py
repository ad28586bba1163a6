"""The ledger's own command: a signing key is replaced. Called by the operator's command line, never through the door."""

from datetime import datetime

from django.db import connection

from mingzheng.kernel import digest
from mingzheng.kernel.actor import Actor
from mingzheng.ledger import keys, notes, proving
from mingzheng.ledger.events import KeyRotated
from mingzheng.ledger.writing import command


@command(by={"system"})
def rotate_key(*, actor: Actor, at: datetime, statement: str, reason: str) -> KeyRotated:
    """Replace a signing key of the log, the receipts or a cosigner by the one its statement names.

    NoteRefused (and nothing happens) unless the present key and the new one signed the statement.
    """
    role, old, new = notes.parse_rotation(statement)
    present = _present(role, old.name)
    if old != present.key:
        raise notes.NoteRefused(f"{old.vkey()} is not the present key; that is {present.key.vkey()}")
    if present.first is None:
        raise notes.NoteRefused("the last change of this key has no place in the log yet; wait for the sequencer")
    if role != keys.COSIGNER and new.digest != digest.current():
        raise notes.NoteRefused("the new key is of another suite than the log")
    with connection.cursor() as cursor:
        cursor.execute("select ledger_lock(array['centre'])")
        cursor.execute("select number + 1 from ledger_chain where stream = 'centre'")
        entry = cursor.fetchone()[0]
        rows = [(1, old.vkey(), 0)] if present.number == 1 else []
        rows.append((present.number + 1, new.vkey(), entry))
        cursor.executemany(
            "insert into ledger_key (role, name, number, vkey, entry) values (%s, %s, %s, %s, %s)",
            [(role, old.name, *row) for row in rows],
        )
    return KeyRotated(role=role, name=old.name, old=old.vkey(), new=new.vkey(), statement=statement, reason=reason)


def _present(role: str, name: str) -> keys.Term:
    """The newest term of a key; NoteRefused for a name this deployment has no key of."""
    if role == keys.COSIGNER:
        found = [term for term in proving.cosigner_terms() if term.key.name == name]
    else:
        found = keys.own_terms(role) if role in (keys.LOG, keys.RECEIPTS) and name == keys.name_of(role) else []
    if not found:
        raise notes.NoteRefused(f"there is no {role} key of the name {name} here")
    return found[-1]

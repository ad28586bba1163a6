"""Changing signing keys: the statement of a new key, who is told, and what a checking person needs afterwards."""

import json

from django.db import connection

from mingzheng.ledger import keys, notes

ADVICE = {
    keys.LOG: "The worker signs with the new key from the next checkpoint on. When one is cosigned, destroy the old key "
    "file in keys/ and hand out /keys.txt anew.",
    keys.RECEIPTS: "Promises are signed with the new key from now on. Destroy the old key file in keys/ and hand out "
    "/keys.txt anew.",
    keys.COSIGNER: "Checkpoints that cover this change need the cosigner's new key. Tell its operator to destroy the old "
    "one (mingzheng cosign --retire), and hand out /keys.txt anew.",
}


def state_new_key(role: str) -> str:
    """Make the next key of the log or the receipts (a file beside the present one); returns its statement by both keys."""
    present = keys.own_terms(role)[-1]
    old = keys.new_signer(role, present.number)
    new = keys.new_signer(role, present.number + 1)
    text = notes.rotation_text(role, old.key, new.key)
    return notes.Note(text, (old.line(text), new.line(text))).render()


def statements(role: str, name: str) -> list[str]:
    """All statements by which this key was replaced, oldest first; those who know only an old key follow them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select e.text from ledger_key k join ledger_entry e on e.stream = 'centre' and e.number = k.entry
               where k.role = %s and k.name = %s order by k.number""",
            [role, name],
        )
        return [str(json.loads(text)["body"]["statement"]) for (text,) in cursor.fetchall()]

"""Acts through the door as somebody, undone afterwards: what would have been answered."""

import json
import secrets
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.test import RequestFactory
from tests.people import Player

from mingzheng.adapters.crypto.acts import sign_text
from mingzheng.kernel import ports
from mingzheng.kernel.actor import PUBLIC, Actor
from mingzheng.kernel.refusal import Refused
from mingzheng.ledger.writing import COMMANDS
from mingzheng.site.acts import door

OPEN = {
    name: one
    for name, one in COMMANDS.items()
    if not one.by <= {"system"} and ".test_" not in f".{one.function.__module__}"  # tests declare commands of their own
}


def signature_of(player: Player, act: str, told: dict[str, Any], nonce: str) -> dict[str, str] | None:
    """The player's signature over the act; None where the fields cannot even be written as canonical JSON."""
    try:
        text = ports.get("certificates").act_text(act, told, nonce)
    except ValueError:
        return None
    return {"certificate": player.fingerprint, "signature": sign_text(player.private.reveal(), text)}


def post(
    act: str, fields: dict[str, Any], player: Player | None, *, sign: bool = True, actor: Actor | None = None
) -> Any:
    """The act through the door, signed where a person signs what can be signed; the answer or the refusal, undone after."""
    nonce = secrets.token_hex(12)
    kept_out = set(OPEN[act].facts.get("secrets", ()))
    told = {name: value for name, value in fields.items() if name not in kept_out}
    signature = signature_of(player, act, told, nonce) if player is not None and sign else None
    body = json.dumps(
        {
            "fields": told,
            "nonce": nonce,
            "signature": signature,
            "secrets": {n: fields[n] for n in kept_out & set(fields)},
        }
    )
    request = RequestFactory().post(f"/act/{act}", body, content_type="application/json")
    request.actor = actor or (player.actor if player else PUBLIC)
    request.session = SimpleNamespace()
    with transaction.atomic():
        try:
            answer: Any = door.act(request, act)
        except Refused as refused:
            answer = refused
        transaction.set_rollback(True)
    return answer

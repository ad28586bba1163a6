"""How an answer looks: facts as the ledger writes them, with the deployment's time."""

from typing import Any

from django.http import HttpRequest, JsonResponse

from mingzheng.kernel import clock
from mingzheng.kernel.actor import Actor
from mingzheng.kernel.event import to_json


def answer(**facts: Any) -> JsonResponse:
    """Facts as JSON (decimals and times as text), and `now` by the deployment's clock."""
    return JsonResponse({**to_json(facts), "now": clock.text(clock.now())}, json_dumps_params={"ensure_ascii": False})


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined, no-any-return]

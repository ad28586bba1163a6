"""The asking process of the `pages` bench: `python -m mingzheng.site.bench.pages_child ROUNDS BARE` prints one JSON line.

Addresses come from the URL registry, each with everything its parameters may stand for in three lots that are far apart
in their phases; what answers with a page or JSON is measured, files are not. Everybody of the demo's bar, the public and
the administrators ask for what their roles may open; the slowest are asked again, and the median counts.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from mingzheng.site.launch.django_start import set_up

PHASES = ("archived", "publicity", "opening")
ADMINISTRATORS = ("operator", "sysadmin", "secadmin", "auditor")
NOT_PAGES = ("live", "logout", "act/", "tile/", "static", "upload")
AGAIN = 24
MEASURED = ("text/html", "application/json")
NOBODY = "00000000-0000-4000-8000-00000000000b"  # an id that nothing has


def main() -> None:
    """Ask for everything once, for the slowest `rounds` times more."""
    rounds, bare = int(sys.argv[1]), sys.argv[2]
    set_up()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    people, addresses = _people(), _addresses()
    times: dict[tuple[str, str], list[float]] = {}
    queries: dict[tuple[str, str], int] = {}
    failed = 0
    for who, (client, roles) in people.items():
        for path, wanted in addresses.items():
            if not _open_to(wanted, roles, who, path):
                continue
            status, ms, count = _asked(client, path)
            failed += status >= 500
            if status == 200:
                times[who, path], queries[who, path] = [ms], count
    slowest = sorted(times, key=lambda one: -times[one][0])[:AGAIN]
    for place in [one for _ in range(rounds) for one in slowest]:
        times[place].append(_asked(people[place[0]][0], place[1])[1])
    for place in slowest:
        times[place] = times[place][1:]  # the first warmed up
    bares = statistics.median(_asked(people["public"][0], bare)[1] for _ in range(20))
    pages: dict[str, dict[str, Any]] = {}
    for (who, path), taken in times.items():
        page = {"who": who, "path": path, "ms": statistics.median(taken), "queries": queries[who, path]}
        if path not in pages or page["ms"] > pages[path]["ms"]:
            pages[path] = page
    told = {"pages": sorted(pages.values(), key=lambda page: -page["ms"]), "bare": bares, "failed": failed}
    sys.stdout.write(json.dumps(told) + "\n")


def _asked(client: Any, path: str) -> tuple[int, float, int]:
    """Status (0: no page), milliseconds and queries of one answer."""
    from django.db import connection

    counted = [0]

    def count(execute: Callable[..., Any], *rest: Any) -> Any:
        counted[0] += 1
        return execute(*rest)

    with connection.execute_wrapper(count):
        began = time.perf_counter()
        answer = client.get(path)
        ms = (time.perf_counter() - began) * 1000
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if answer.streaming:
        answer.close()
    status = answer.status_code
    return (status if status >= 400 or (kind in MEASURED and not answer.streaming) else 0), ms, counted[0]


def _people() -> dict[str, tuple[Any, frozenset[str]]]:
    """The public and the cast, each with a browser that is logged in, and roles."""
    from django.test import Client

    from mingzheng.kernel.actor import PUBLIC, SYSTEM
    from mingzheng.ledger.writing import acting_as
    from mingzheng.site.demo.acting import key_of
    from mingzheng.site.demo.parties import person_id
    from mingzheng.site.demo.waiting import SHOWN
    from mingzheng.stages.parties import commands, queries

    found = {"public": (Client(raise_request_exception=False), PUBLIC.roles)}
    for login in (*SHOWN, *ADMINISTRATORS):
        person, client = queries.person(person_id(login)), Client(raise_request_exception=False)
        print_of = key_of(login).fingerprint
        with acting_as("parties.log_in"):
            event = commands.log_in(
                actor=SYSTEM, person=person.id, organisation=person.organisation, way="certificate",
                address="127.0.0.1", certificate=print_of,
            ).event  # fmt: skip
        session = client.session
        session["login"], session["person"] = str(event.login), str(person.id)
        session.save()
        found[login] = (client, queries.actor_for(person.id, person.organisation, "certificate", print_of).roles)
    return found


def _open_to(wanted: frozenset[str], roles: frozenset[str], who: str, path: str) -> bool:
    """Whether the role may open it. What everybody sees alike is asked for by three of them."""
    from mingzheng.kernel.page import allowed

    alike = wanted == frozenset("*") and not path.startswith("/lots/")
    return allowed(wanted, roles) and (not alike or who in ("public", "staff", "jia"))


def _addresses() -> dict[str, frozenset[str]]:
    """Every registered address with its roles, filled with a few lots."""
    from mingzheng.site.routes import routes

    lots = _lots()
    found: dict[str, frozenset[str]] = {}
    for route, view in routes():
        page = getattr(view, "page", None)
        if page is None or route.startswith(NOT_PAGES):
            continue
        for path in _filled(route, lots):
            found[f"/{path}"] = page.roles
    return found


def _lots() -> list[Any]:
    """One lot of each phase."""
    from mingzheng.stages.procedures import queries

    found: dict[str, Any] = {}
    for lot in queries.lots():
        found.setdefault(lot.phase, lot)
    return [found[phase] for phase in PHASES if phase in found]


def _filled(route: str, lots: list[Any]) -> Iterator[str]:
    """The route with what its parameters may stand for; one that is not known here stands for something that is not there."""
    from mingzheng.stages.issuing import queries as issuing
    from mingzheng.stages.opening import queries as opening

    if not re.search(r"<[^>]+>", route):
        yield route
        return
    of_lot = any(
        name in route for name in ("<uuid:lot>", "<uuid:procedure>", "<uuid:bid>", "<uuid:document>", "<str:code>")
    )
    for lot in lots if of_lot else lots[:1]:
        bids = opening.board(lot.id) if opening.opening(lot.id) else ()
        codes = [one.code for one in issuing.of_lot(lot.id) if one.code]
        values = {
            "<uuid:lot>": lot.id, "<uuid:procedure>": lot.procedure, "<uuid:bid>": bids[0].bid if bids else NOBODY,
            "<str:code>": codes[0] if codes else "AAAA-AAAA-AAAA-AAAA-AAAA", "<int:position>": 1, "<int:number>": 1, "<int:part>": 1,
            "<slug:category>": "construction", "<slug:role>": "bidder", "<slug:name>": "registration", "<slug:login>": "jia",
        }  # fmt: skip
        path = re.sub(r"<[^>]+>", lambda found: str(values.get(found[0], NOBODY)), route)  # noqa: B023
        yield path


if __name__ == "__main__":
    main()

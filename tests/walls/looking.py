"""Looking everywhere: every page as every role, every table, every file, what is exported, what is logged."""

import base64
import difflib
import io
import json
import re
import urllib.parse
import zlib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client
from tests.bids import SealedOffer
from tests.journey import World, payer_account
from tests.people import Player

from mingzheng.kernel import money
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.page import allowed
from mingzheng.ledger.writing import acting_as
from mingzheng.site.routes import routes
from mingzheng.stages.issuing import queries as issuing
from mingzheng.stages.parties import commands as parties
from mingzheng.stages.procedures import queries as procedures

ONLOOKERS = (
    "water", "agency", "witness", "supervisor", "staff", "operator", "sysadmin", "secadmin", "auditor",
    "archivist", "expert1",
)  # fmt: skip
NOT_PAGES = {"live", "logout"}  # the live stream is read by itself; leaving would end the visit
SELF_TOLD = ("/account", "/admin-audit")  # they list the reader's own visits
FILES = re.compile(r"/(proof|tile|documents|keys|checkpoint)")
_RANDOM = re.compile(
    rb'(?:name="(?:csrfmiddlewaretoken|_nonce)" value=|name="mz-csrf" content=|"challenge": |data-(?:nonce|challenge|csrf)=)"[^"]*"'
    rb"|why-[0-9a-f]{8}"
)
_SIGNED = re.compile(rb"((?:\xe2\x80\x94|\\\\u2014) [^ ]+ )([A-Za-z0-9+/=]{88,})")  # a line of a signed note


def visitor(player: Player | None) -> Client:
    """A browser logged in with the player's certificate (None: a member of the public)."""
    client = Client(raise_request_exception=False)
    if player is None:
        return client
    with acting_as("tests.visit"):
        login = parties.log_in(
            actor=SYSTEM, person=player.person, organisation=player.organisation, way="certificate",
            address="127.0.0.1", certificate=player.fingerprint,
        ).event.login  # fmt: skip
    session = client.session
    session["login"], session["person"] = str(login), str(player.person)
    session.save()
    return client


def fetched(client: Client, path: str) -> tuple[int, bytes]:
    """Status and body of an address, read to the end."""
    answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body


def visitors(world: World, *more: Player) -> dict[str, tuple[Client, frozenset[str]]]:
    """The public, every onlooker of the cast, and whoever else is named, each with its browser and roles."""
    found = {"public": (visitor(None), frozenset({"public"}))}
    for player in [*(world.cast.by_login(login) for login in ONLOOKERS), *more]:
        found[player.login] = (visitor(player), player.actor.roles)
    return found


def addresses(world: World, size: int, queries: Iterable[str] = ()) -> dict[str, frozenset[str]]:
    """Every registered GET address that this lot makes sense of, with the roles that may open it."""
    found: dict[str, frozenset[str]] = {}
    for route, view in routes():
        page = getattr(view, "page", None)
        if page is None or route in NOT_PAGES or route.startswith("static"):
            continue
        for path in _filled(route, world, size):
            found[f"/{path}"] = page.roles
    for text in queries:
        path = text.partition("?")[0]
        found[text] = found[path]
    return found


def _filled(route: str, world: World, size: int) -> list[str]:
    """The route with everything its parameters may stand for; a parameter nobody knows fails the test."""
    bids = [offer.bid for offer in world.offers.values()] or [world.lot]
    values: dict[str, list[Any]] = {
        "<uuid:lot>": [world.lot], "<uuid:procedure>": [world.procedure],
        "<uuid:document>": [one.id for one in procedures.documents(world.lot)], "<int:position>": list(range(size)),
        "<int:number>": [1, 2, 3], "<int:level>": [0], "<path:name>": [f"000.p/{size}"], "<uuid:bid>": bids,
        "<int:part>": [1], "<uuid:upload>": [world.lot], "<str:name>": ["bidding.submit_bid"],
        "<str:code>": [one.code for one in issuing.of_lot(world.lot) if one.code] or ["AAAA-AAAA-AAAA-AAAA-AAAA"],
        "<uuid:case>": [world.lot], "<uuid:plan>": [world.lot], "<uuid:inquiry>": [world.lot],
        "<slug:category>": ["construction"], "<slug:name>": ["registration"], "<slug:role>": ["bidder"],
    }  # fmt: skip
    paths = [route]
    for parameter in re.findall(r"<[^>]+>", route):
        paths = [path.replace(parameter, str(value)) for path in paths for value in values[parameter]]
    return paths


def look(
    world: World, people: dict[str, tuple[Client, frozenset[str]]], paths: dict[str, frozenset[str]]
) -> dict[tuple[str, str], bytes]:
    """What everybody gets from every address open to its role: (who, address) -> status and body, random parts gone.

    Pages of no lot that are open to everybody are looked at by three people only; those that are files, by the public.
    """
    seen, posted = {}, set()
    for who, (client, roles) in people.items():
        for path, wanted in paths.items():
            general = wanted == frozenset("*") and str(world.lot) not in path
            if path in posted or not allowed(wanted, roles) or (general and who not in ("public", "staff", "wu")):
                continue
            if who != "public" and FILES.match(path):
                continue
            status, body = fetched(client, path)
            if status == 405:
                posted.add(path)
                continue
            assert status < 500, (who, path, body[:2000])
            seen[who, path] = f"{status} ".encode() + _lasting(body)
    return seen


def _lasting(body: bytes) -> bytes:
    """What is the same whenever one asks. An SM2 signature draws a fresh number: of it the length alone is compared."""
    body = _RANDOM.sub(b"", body)
    if settings.MINGZHENG_SUITE != "GM-1":
        return body
    return _SIGNED.sub(lambda found: found[1] + str(len(found[2])).encode(), body)


def differing(before: dict[tuple[str, str], bytes], after: dict[tuple[str, str], bytes]) -> dict[tuple[str, str], str]:
    """Who sees something else at which address, with the lines that differ."""
    found = {}
    for place, content in after.items():
        if content != before[place]:
            lines = difflib.unified_diff(
                before[place].decode("utf-8", "replace").splitlines(),
                content.decode("utf-8", "replace").splitlines(),
                n=0,
            )
            found[place] = "\n".join(line[:300] for line in list(lines)[3:15])
    return found


def secrets_of(world: World, players: Iterable[Player], *, names: bool = True) -> dict[str, set[bytes]]:
    """What must not be found: label -> every way it may be written."""
    found: dict[str, set[bytes]] = {}
    for player in players:
        offer, who = world.offers[player.login], player.login
        if names:
            found[f"{who}: organisation"] = written(player.organisation_name)
            found[f"{who}: person"] = written(player.name)
            found[f"{who}: payer"] = written(payer_account(player))
            found[f"{who}: certificate"] = written(player.fingerprint.partition(":")[2])
        found |= {f"{who}: {label}": forms for label, forms in contents_of(offer).items()}
    return found


def contents_of(offer: SealedOffer) -> dict[str, set[bytes]]:
    """Price, words, file name, contents and key of one bid."""
    price = Decimal(offer.summary["price"])
    spelled = {
        str(price),
        money.text(price),
        money.capital(price),
        format(price / 10000, ".2f"),
        format(price / 10000, ".6f"),
    }
    return {
        "price": {form for text in spelled for form in written(text)},
        "quality": written(offer.summary["quality"]),
        "manager": written(offer.summary["project_manager"]),
        "file name": written(offer.file_name),
        "content": {offer.content[:60]},
        "key": {offer.key.encode(), base64.b64decode(offer.key), base64.b64decode(offer.key).hex().encode()},
    }


def ids_of(players: Iterable[Player]) -> dict[str, set[bytes]]:
    """Organisation and person ids, which also stand where parties are registered: counted, not forbidden."""
    found = {}
    for player in players:
        for label, value in (("organisation id", player.organisation), ("person id", player.person)):
            found[f"{player.login}: {label}"] = {
                str(value).encode(),
                value.hex.encode(),
                value.bytes,
                *_base64(str(value).encode()),
            }
    return found


def written(text: str) -> set[bytes]:
    """The ways a text may stand somewhere: UTF-8, GB 18030, UTF-16, JSON escapes, hex, base64, URL."""
    raw = text.encode()
    forms = {raw, raw.hex().encode(), text.encode("utf-16-le"), urllib.parse.quote(text).encode(), *_base64(raw)}
    if not text.isascii():
        forms |= {text.encode("gb18030"), json.dumps(text)[1:-1].encode()}
    return {form for form in forms if len(form) >= 5}


def _base64(raw: bytes) -> set[bytes]:
    """The middle of a base64 text that holds `raw`, whichever of three places it begins at."""
    found = set()
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        found.add(text[-(-shift * 8 // 6) : len(raw) * 8 // 6])
    return {one for one in found if len(one) >= 8}


def hits(content: bytes, secrets: dict[str, set[bytes]]) -> dict[str, int]:
    """How often each secret stands in `content`, in any of its forms (hex in any case)."""
    low = content.lower()
    counted = {label: sum(low.count(form.lower()) for form in forms) for label, forms in secrets.items()}
    return {label: number for label, number in counted.items() if number}


def dump() -> dict[str, bytes]:
    """Every table as `pg_dump` would write it, bytea decoded to bytes: table -> content."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        )
        for (table,) in cursor.fetchall():
            text = io.BytesIO()
            with cursor.connection.cursor().copy(f"copy {table} to stdout") as rows:
                for piece in rows:
                    text.write(bytes(piece))
            raw = text.getvalue()
            found[table] = raw + b"".join(
                bytes.fromhex(one.decode()) for one in re.findall(rb"\\\\x([0-9a-f]{2,})", raw) if len(one) % 2 == 0
            )
    return found


def state_files(world: World) -> dict[str, bytes]:
    """Every file of the deployment since the world began, but its keys (which lie outside what a copy holds)."""
    root = Path(settings.MINGZHENG_STATE)
    found = {}
    for path in root.rglob("*"):
        name = path.relative_to(root)
        if path.is_file() and name.parts[0] not in ("keys", "static") and path.stat().st_mtime >= world.kept["began"]:
            found[str(name)] = str(name).encode() + b"\n" + unpacked(path.read_bytes())
    return found


def unpacked(content: bytes) -> bytes:
    """A file's bytes and, of a PDF, its streams."""
    if not content.startswith(b"%PDF"):
        return content
    found = [content]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(stream.strip(b"\r\n")))
        except zlib.error:
            continue
    return b"\n".join(found)


def lot_of(world: World) -> UUID:
    assert world.lot is not None
    return world.lot

"""The reviewed table of who gets what answer (permissions.toml), how it is asked anew, and how docs/permissions.md is drawn.

    MINGZHENG_REVIEW=1 .venv/bin/pytest tests/security/test_permissions.py -n 0

writes the table as the program answers now; read the difference before it is committed: it is the review.
"""

import tomllib
from pathlib import Path
from typing import Any, get_type_hints

from tests import journey
from tests.architecture.matrix import Address, addresses
from tests.journey import World
from tests.people import Player
from tests.security import corpus
from tests.security.addresses import path_of
from tests.security.asking import OPEN, post
from tests.walls import looking

from mingzheng.kernel.actor import PUBLIC
from mingzheng.kernel.refusal import Refused
from mingzheng.stages.bidding import queries as bidding
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering

TABLE = Path(__file__).with_name("permissions.toml")
DOCS = Path(__file__).parents[2] / "docs" / "permissions.md"
PEOPLE = {
    "public": "the public", "water": "procuring entity of the lot", "school": "another procuring entity",
    "agency": "agency of the lot, host", "mao": "another agency", "jia": "bidder of the lot, whose objects are asked for", "yi": "rival bidder of the lot",
    "wu": "bidder that takes no part", "expert1": "expert, member of the committee", "expert7": "expert, not a member",
    "staff": "centre staff", "witness": "witness", "supervisor": "supervisor", "archivist": "archivist", "operator": "operator",
    "sysadmin": "system administrator", "secadmin": "security administrator", "auditor": "audit administrator",
}  # fmt: skip
MOMENTS = {
    "submitted": "before the deadline, three bids are in",
    "scoring": "the committee scores, two of five have sealed",
}
PARTS = {
    "lot",
    "procedure",
    "document",
    "bid",
    "case",
    "plan",
    "inquiry",
    "upload",
    "part",
    "number",
}  # of somebody's objects


def table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text("utf-8")) if TABLE.exists() else {"pages": {}, "commands": {}}


def of_objects() -> list[Address]:
    """Addresses that name an object and can be opened (not the ledger's own: everybody's)."""
    return [
        one
        for one in addresses()
        if PARTS & set(one.converters) and not one.route.startswith(("proof", "receipts", "upload", "act"))
    ]


def members(world: World) -> tuple[Player, Player]:
    """The last member of the committee, who has not sealed yet (expert1 in the table), and an expert outside it (expert7)."""
    sitting = journey.members(world) if evaluation.evaluation(world.lot) else [world.cast.by_login("expert1")]
    outside = [one for one in world.cast.experts if one.person not in {member.person for member in sitting}]
    return sitting[-1], outside[-1]


def people(world: World) -> dict[str, Player | None]:
    inside, outside = members(world)
    named = {login: world.cast.by_login(login) for login in PEOPLE if login not in ("public", "expert1", "expert7")}
    return {**named, "public": None, "expert1": inside, "expert7": outside, "agency": world.cast.agency}


def objects(world: World) -> dict[str, Any]:
    """Objects of the lot and of jia, by the names of fields and of parts of addresses."""
    jia, lot = world.cast.bidder, world.lot
    dealing = tendering.dealing(lot, jia.organisation)
    paper = next(one for one in procedures.documents(lot) if one.kind == "tender_document")
    found = {
        "lot": lot, "procedure": world.procedure, "document": paper.id, "bid": world.offers["jia"].bid, "dealing": dealing.id,
        "person": jia.person, "organisation": jia.organisation, "fingerprint": jia.fingerprint, "part": 1, "number": 1,
        "certificate": jia.certificate, "role": "operator", "login": "newcomer", "password": "correct horse 7",
        "category": "approval", "content_key": world.offers["jia"].key, "seal": bidding.bid(dealing.id).seal, "upload": lot,
    }  # fmt: skip
    letters = notifying.inbox(jia.person)
    question = (
        world.kept.get("question") or jia.do("consulting.ask", category="approval", text="何时开标？").event.question
    )
    return found | {"message": letters[0].id if letters else lot, "question": question}


def pages(world: World) -> dict[str, dict[str, list[str]]]:
    """Route -> status -> who gets it."""
    known, found = objects(world), {}
    clients = {name: looking.visitor(player) for name, player in people(world).items()}
    for address in of_objects():
        answers: dict[str, list[str]] = {}
        for name in PEOPLE:
            status, _ = looking.fetched(clients[name], path_of(address, **known))
            answers.setdefault(str(status), []).append(name)
        found[address.route] = answers
    return found


def commands(world: World) -> dict[str, dict[str, list[str]]]:
    """Act -> answer ('done' or the refusal's code) -> whose; who has none of the roles is asked without a signature."""
    known, cast, found = objects(world), people(world), {}
    actors = {name: player.actor if player else PUBLIC for name, player in cast.items()}
    for act, command in OPEN.items():
        hints, answers = get_type_hints(command.function), {}
        fields = {name: _value(name, known, hints[name], world) for name in command.fields}
        for name in PEOPLE:
            player = cast[name]
            may = bool(command.by & (actors[name].roles | {"*"}))
            answer = post(act, fields, player, sign=may, actor=actors[name])
            code = answer.code if isinstance(answer, Refused) else "done"
            answers.setdefault(code, []).append(name)
        found[act] = answers
    return found


def _value(name: str, known: dict[str, Any], wanted: Any, world: World) -> Any:
    plain = corpus.plausible(wanted, world.lot)
    if name == "part" and wanted is str:
        return "witness"
    return str(known[name]) if name in known and not isinstance(plain, dict | list) else plain


def write(moment: str, asked_pages: Any, asked_commands: Any) -> None:
    """Put what was asked at one moment into the table."""
    kept = table()
    routes = {one.route: one for one in addresses()}
    told_pages = {
        route: {"roles": sorted(one.page.roles)}
        | {m: v for m, v in kept["pages"].get(route, {}).items() if m in MOMENTS}
        for route, one in routes.items()
    }
    told_commands = {
        act: {"by": sorted(one.by), "binds": one.binds}
        | {m: v for m, v in kept["commands"].get(act, {}).items() if m in MOMENTS}
        for act, one in OPEN.items()
    }
    for route, answers in asked_pages.items():
        told_pages[route][moment] = answers
    for act, answers in asked_commands.items():
        told_commands[act][moment] = answers
    lines = ["# Who gets what answer. Asked anew and compared by test_permissions.py; how to renew it: permissions.py."]
    for kind, rows in (("pages", told_pages), ("commands", told_commands)):
        for name in sorted(rows):
            lines += ["", f'[{kind}."{name}"]']
            for key in ("roles", "by", "binds"):
                if key in rows[name]:
                    value = rows[name][key]
                    lines.append(f"{key} = {str(value).lower() if isinstance(value, bool) else _list(value)}")
            for one in MOMENTS:
                for answer, who in sorted(rows[name].get(one, {}).items()):
                    lines.append(f'{one}."{answer}" = {_list(who)}')
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")


def _list(values: list[str]) -> str:
    return "[" + ", ".join(f'"{one}"' for one in values) + "]"


def drawn() -> str:
    """docs/permissions.md."""
    kept = table()
    lines = [
        "# Who may do what", "",
        "Drawn from `tests/security/permissions.toml`, which a test asks of the running program, page by page and command by",
        "command, as everybody below; a page or command that is not in it fails the test. Whoever adds one writes the table anew",
        "(`MINGZHENG_REVIEW=1 .venv/bin/pytest tests/security/test_permissions.py -n 0`) and reads the difference.", "",
        "| person | who |", "|---|---|", *(f"| {name} | {who} |" for name, who in PEOPLE.items()), "",
        "Moments: " + "; ".join(f"*{one}* ({what})" for one, what in MOMENTS.items()) + ".", "",
        "## Pages", "",
        "Roles may ask; what they get of an object is in the last column: HTTP status and whose it is (`*` everybody, `+` whoever",
        "is logged in; 302 sends the public to the login, 404 says no more than for an id that nobody has).", "",
        "| address | roles | answers |", "|---|---|---|",
    ]  # fmt: skip
    for route, row in kept["pages"].items():
        lines.append(f"| `/{route}` | {', '.join(row['roles'])} | {_answers(row)} |")
    lines += [
        "", "## Commands", "",
        "Asked of the objects of the lot and of *jia*. Everybody without one of the roles is refused (`access.not-yours`, the",
        "public `access.login-first`) and left out here; `input.*` and the stage's own codes mean that the person got past the",
        "question who may.", "",
        "| command | roles | binds | answers |", "|---|---|---|---|",
    ]  # fmt: skip
    for act, row in kept["commands"].items():
        lines.append(f"| `{act}` | {', '.join(row['by'])} | {'yes' if row['binds'] else ''} | {_answers(row)} |")
    return "\n".join(lines) + "\n"


def _answers(row: dict[str, Any]) -> str:
    told = []
    for moment in MOMENTS:
        answers = {
            code: who
            for code, who in row.get(moment, {}).items()
            if code not in ("access.not-yours", "access.login-first")
        }
        if answers:
            words = "; ".join(
                f"{code}: {'everybody' if len(who) == len(PEOPLE) else ' '.join(who)}" for code, who in answers.items()
            )
            told.append(f"*{moment}* {words}")
    if len(told) == 2 and told[0].removeprefix("*submitted*") == told[1].removeprefix("*scoring*"):
        return told[0].removeprefix("*submitted* ")
    return "<br>".join(told)

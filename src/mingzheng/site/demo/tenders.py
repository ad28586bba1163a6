"""A few tenders of the demo centre, begun by the cast with its own keys: something to look at and to go on with."""

import secrets
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from mingzheng.adapters.crypto.acts import sign_text
from mingzheng.adapters.crypto.keyfile import open_key_file
from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SignedAct
from mingzheng.kernel.event import to_json
from mingzheng.ledger.writing import COMMANDS, Happened
from mingzheng.site.acts.fields import arguments
from mingzheng.site.demo.cast import member
from mingzheng.site.demo.parties import organisation_id, person_id
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import rules as tendering

PLAN = ("云州市滨江片区排水管网改造工程", "雨污分流管道 12.4 公里及泵站一座", "48600000")
TENDERS: tuple[tuple[dict[str, str], list[dict[str, str]], dict[str, Any]], ...] = (
    (
        {"name": "云州市第二污水处理厂扩建工程", "content": "日处理 8 万立方米扩建，含土建和安装", "approval": "云发改投资〔2026〕12号"},
        [{"name": "土建", "estimate": "186500000", "content": "构筑物与道路"}, {"name": "设备安装", "estimate": "64200000", "content": "工艺设备安装"}],
        {"method": "weighted", "price_ceiling": "186000000.00"},
    ),
    (
        {"name": "北岭水库除险加固工程", "content": "坝体防渗、溢洪道改造和监测设施", "approval": "云水规〔2026〕3号"},
        [{"name": "除险加固", "estimate": "23800000", "content": "坝体与溢洪道"}],
        {},
    ),
)  # fmt: skip
COMMON = {
    "funds": "财政资金", "region": "990100", "location": "云州市", "supervision_department": "云州市住房和城乡建设局",
    "contact": "周远航", "phone": "0990-88000011",
}  # fmt: skip


def load_tenders() -> None:
    """Begin the demo's tenders once; a centre that has any procedure is left alone."""
    if procedures.lots() or procedures.plans_of(organisation_id("water")):
        return
    now = clock.now()
    do(
        "water",
        "procedures.publish_tender_plan",
        name=PLAN[0],
        content=PLAN[1],
        estimate=PLAN[2],
        expected_notice=now + timedelta(days=35),
    )
    for content, lots, document in TENDERS:
        submitted = do(
            "water",
            "procedures.submit_registration",
            content={**content, **COMMON},
            lots=lots,
            agency=organisation_id("agency"),
        ).event
        done = do(
            "staff",
            "procedures.complete_registration",
            procedure=submitted.procedure,
            service_responsible=person_id("staff"),
        )
        for event in done.events:
            if hasattr(event, "section_code"):
                _announce(event.lot, document)
    do(
        "water", "procedures.submit_registration", agency=organisation_id("agency"),
        content={"name": PLAN[0], "content": PLAN[1], **COMMON}, lots=[{"name": "管网", "estimate": PLAN[2], "content": PLAN[1]}],
    )  # fmt: skip


def _announce(lot: UUID, document: dict[str, Any]) -> None:
    ceiling = {"price_ceiling": f"{procedures.lot(lot).estimate:.2f}"} if document else {}
    do(
        "agency", "tendering.publish_notice", lot=lot, document={**document, **ceiling},
        confirmation=tendering.CONFIRMATION_VERSION,
    )  # fmt: skip
    do("agency", "procedures.appoint_person", lot=lot, part="host", person=person_id("agency"))
    for part in ("witness", "supervisor"):
        do("staff", "procedures.appoint_person", lot=lot, part=part, person=person_id(part))


@cache
def _key(login: str) -> Any:
    one = member(login)
    return open_key_file(one.key_file.read_text("ascii"), one.password)


def do(login: str, act: str, **fields: Any) -> Happened:
    """A cast member does one act, signed with its own key file exactly as a browser would."""
    key, command, nonce = _key(login), COMMANDS[act], secrets.token_hex(16)
    person = parties.person(person_id(login))
    actor = parties.actor_for(person.id, person.organisation, "certificate", key.fingerprint)
    plain = {name: to_json(value) for name, value in fields.items()}
    if command.binds:
        text = ports.get("certificates").act_text(act, plain, nonce)
        signature = sign_text(key.private.reveal(), text)
        actor = replace(actor, signed=SignedAct(act, nonce, text, signature, actor.certificate))
    return command.call(actor=actor, key=nonce, **arguments(command, plain))

"""Facts of the papers this stage files: notice, tender document, clarification, as the `documents` port wants them."""

from datetime import datetime
from typing import Any

from django.conf import settings

from mingzheng.kernel import clock, money
from mingzheng.kernel.actor import Actor
from mingzheng.stages.parties import queries as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.kinds import METHODS
from mingzheng.stages.tendering.checks import Times
from mingzheng.stages.tendering.fields import SUMMARY, WAYS, Document

KINDS = {"objective": "客观分", "subjective": "主观分", "price": "报价分"}


def head(lot: procedures.LotFacts, actor: Actor, at: datetime) -> dict[str, Any]:
    """The signature of the act; numbers, names and the place to verify are filled in where papers are filed."""
    owner = parties.organisation(lot.procuring_entity).name
    who = {"name": actor.name or owner, "role": actor.organisation_name or owner, "at": at}
    return {"issuer": owner, "signers": [{**who, "certificate": actor.certificate}]}


def parties_of(lot: procedures.LotFacts) -> dict[str, Any]:
    found: dict[str, Any] = {"procuring_entity": parties.organisation(lot.procuring_entity).name}
    if lot.agency is not None:
        found["agency"] = parties.organisation(lot.agency).name
    return found


def contacts(lot: procedures.LotFacts, given: dict[str, Any]) -> list[dict[str, str]]:
    """Whom to ask: procuring entity and agency, as registered."""
    content = procedures.procedure(lot.procedure).content
    found: list[dict[str, str]] = []
    for role, organisation in (("招标人", lot.procuring_entity), ("招标代理机构", lot.agency)):
        if organisation is None:
            continue
        facts = parties.organisation(organisation)
        first = not found
        found.append(
            {
                "role": role,
                "name": facts.name,
                "address": facts.address or str(content.get("address", "")),
                "person": str(given.get("contact") or content.get("contact", "")) if first else "",
                "phone": str(given.get("phone") or content.get("phone", "")) if first else facts.phone,
                "email": facts.email,
            }
        )
    return found


def notice(
    lot: procedures.LotFacts, document: Document, given: dict[str, Any], times: Times, media: tuple[str, ...],
    actor: Actor, at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """招标公告."""
    content = procedures.procedure(lot.procedure).content
    texts = document.texts
    facts = {
        **head(lot, actor, at), **parties_of(lot),
        "approval": texts["approval"] or content.get("approval") or "见招标文件",
        "funds": texts["funds"] or content.get("funds", ""),
        "location": texts["location"] or lot.location,
        "scale": texts["scale"] or content.get("content", ""),
        "quality": texts["quality"],
        "lots": [
            {
                "code": lot.section_code, "name": lot.name, "scope": texts["scope"],
                "period": f"{document.period_days} 日历天", "ceiling": document.price_ceiling,
            }
        ],
        "qualifications": list(document.qualifications),
        "consortium": document.consortium,
        "documents_from": times.documents_from, "documents_until": times.documents_until,
        "documents_url": f"{settings.MINGZHENG_ADDRESS}/lots/{lot.id}/tender",
        "bid_deadline": times.bid_deadline, "opening_at": times.bid_deadline,
        "opening_place": given["opening_place"], "method": METHODS[document.method],
        "contacts": contacts(lot, given), "media": list(media),
        "deposit": document.deposit_amount or None, "deposit_ways": [WAYS[way] for way in document.deposit_ways],
        "supervisor": lot.supervision_department, "remark": str(given.get("remark", "")),
    }  # fmt: skip
    if lot.retender_of is not None:
        facts["retender_of"] = procedures.lot(lot.retender_of).section_code
    return facts


def tender_document(
    lot: procedures.LotFacts, document: Document, times: Times, actor: Actor, at: datetime
) -> dict[str, Any]:
    """招标文件."""
    return {
        **head(lot, actor, at), **parties_of(lot),
        "instructions": _instructions(lot, document, times),
        "method": METHODS[document.method],
        "factors": _factors(document),
        "benchmark": _formula(document.benchmark),
        "chapters": list(document.chapters),
        "opening_summary": [SUMMARY.get(name, name) for name in document.summary_fields],
        "bid_deadline": times.bid_deadline,
    }  # fmt: skip


def _instructions(lot: procedures.LotFacts, document: Document, times: Times) -> list[dict[str, str]]:
    """The schedule of the instructions: what the fields decide, then what the template adds."""
    deposit = (
        f"{money.text(document.deposit_amount)} 元；{'、'.join(WAYS[way] for way in document.deposit_ways)}"
        if document.deposit_amount else "不收取"
    )  # fmt: skip
    ceiling = (
        f"{money.text(document.price_ceiling)} 元" if document.price_ceiling is not None
        else document.texts["ceiling_method"] or "不设"
    )  # fmt: skip
    decided = [
        ("招标人", parties.organisation(lot.procuring_entity).name), ("项目名称", lot.procedure_name),
        ("招标范围", document.texts["scope"]), ("建设地点", document.texts["location"]),
        ("计划工期", f"{document.period_days} 日历天"), ("质量要求", document.texts["quality"]),
        ("提问截止时间", moment(times.question_deadline)), ("投标截止及开标时间", moment(times.bid_deadline)),
        ("最高投标限价", ceiling), ("投标保证金", deposit),
        ("投标有效期", f"{document.bid_validity_days} 日，自投标截止之日起算"),
        ("解密时限", f"开标后 {document.decryption_minutes} 分钟内"),
        ("投标文件", "电子投标文件，用数字证书签名并在投标人设备上加密；不接收纸质投标文件"),
    ]  # fmt: skip
    rows = [{"number": f"1.{n}", "item": item, "content": text or "/"} for n, (item, text) in enumerate(decided, 1)]
    return rows + [
        {"number": row.get("number") or f"2.{n}", "item": row.get("item", ""), "content": row.get("content", "")}
        for n, row in enumerate(document.instructions, 1)
    ]


def _factors(document: Document) -> list[dict[str, str]]:
    review = [
        {
            "group": row.get("group", "初步评审"), "name": row.get("name", ""), "weight": "通过/不通过",
            "standard": row.get("description", ""),
        }
        for row in document.review
    ]  # fmt: skip
    scored = [
        {
            "group": KINDS[one.kind], "name": one.name, "weight": f"{one.full.normalize():f} 分",
            "standard": one.description or "见评审标准",
        }
        for one in document.criteria
    ]  # fmt: skip
    price = {
        "group": "详细评审", "name": "评审价", "weight": "由低到高", "standard": "按经评审的投标价由低到高排序；价格相同的，递交在先者优先",
    }  # fmt: skip
    return review + (scored or [price])


def _formula(benchmark: dict[str, Any]) -> str:
    """The formula in words where the method's data has them."""
    return str(benchmark.get("text") or benchmark.get("zh") or "")


def moment(moment: datetime) -> str:
    """`2026-04-01 09:30` as China's clocks show it."""
    return f"{moment.astimezone(clock.UTC8):%Y-%m-%d %H:%M}"


def clarification(
    lot: procedures.LotFacts, *, number: int, items: tuple[dict[str, str], ...], changes: tuple[str, ...],
    old: datetime, new: datetime | None, reason: str, actor: Actor, at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """招标文件澄清（修改）通知."""
    moved = {"old_deadline": old, "new_deadline": new, "reason": reason} if new is not None else {}
    return {
        **head(lot, actor, at), **parties_of(lot), "number": number, "items": list(items), "changes": list(changes),
        **moved,
    }  # fmt: skip

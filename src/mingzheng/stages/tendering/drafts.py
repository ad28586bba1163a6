"""A draft becomes whole: template, then what registration knows already, then what the owner wrote (GF-4.1.2: told once)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mingzheng.kernel import clock
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.procedures.pack_rules import Finding
from mingzheng.stages.tendering import checks, fields, rules, standard_texts

PLACE = "不见面开标大厅（网上开标，投标人无须到场）"
NOTICE_FIELDS = {"opening_place", "contact", "phone", "remark"}


@dataclass(frozen=True, slots=True)
class Whole:
    """A complete document and notice, and the template they came from."""

    template: str
    document: fields.Document
    notice: dict[str, str]


def complete(lot: procedures.LotFacts, template: str, document: Mapping[str, Any], notice: Mapping[str, Any]) -> Whole:
    """Fill what is empty from the template and the registration; refused `tendering.field-wrong` for what is wrong."""
    text = _template(lot, template, document)
    filled = fill(lot, text, document)
    if unknown := set(notice) - NOTICE_FIELDS:
        raise rules.FIELD_WRONG(field=sorted(unknown)[0], problem="不认识的字段")
    content = procedures.procedure(lot.procedure).content
    standing = {"opening_place": PLACE, "contact": content.get("contact", ""), "phone": content.get("phone", "")}
    wrote = {key: str(value).strip() for key, value in notice.items() if str(value).strip()}
    from_text = notice_of(text) if text else {}
    return Whole(text.id if text else "", fields.read(filled), {**standing, **from_text, **wrote})


def fill(lot: procedures.LotFacts, text: standard_texts.Template | None, document: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they stand before they are read: registration, template, what the owner wrote, in this order."""
    given = {key: value for key, value in document.items() if key != "template" and value not in (None, "", [])}
    filled = {**_registered(lot), **(text.fields if text else {}), **given}
    if "deposit_amount" not in filled:
        filled["deposit_amount"] = format(checks.deposit_default(lot), "f")
    return filled


def notice_of(text: standard_texts.Template) -> dict[str, str]:
    """What a template says for the notice's own fields."""
    return {key: str(value) for key, value in text.notice.items() if key in NOTICE_FIELDS}


def moments(times: Mapping[str, str]) -> dict[str, datetime]:
    """Times as a form keeps them, in China's zone; refused `tendering.field-wrong` for what is no time."""
    found = {}
    for name, text in times.items():
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise rules.FIELD_WRONG(field=name, problem="不是时间") from None
        found[name] = moment if moment.tzinfo else moment.replace(tzinfo=clock.UTC8)
    return found


def _template(lot: procedures.LotFacts, name: str, document: Mapping[str, Any]) -> standard_texts.Template | None:
    """The template asked for, else the standard one for the method; none where the library has none."""
    name = name or str(document.get("template", ""))
    if name:
        return standard_texts.template(name)
    method = str(document.get("method") or "lowest_price")
    return next((one for one in standard_texts.templates(lot.kind) if one.method == method), None)


def _registered(lot: procedures.LotFacts) -> dict[str, Any]:
    """What the registration already says."""
    content = procedures.procedure(lot.procedure).content
    found = {
        "scope": lot.content.get("content") or content.get("content") or lot.name,
        "scale": content.get("content", ""),
        "location": lot.location,
        "funds": content.get("funds", ""),
        "approval": content.get("approval", ""),
        "quality": "合格",
        "qualifications": [
            "具有有效的营业执照和承担本标段所需的资质；单位负责人为同一人或者存在控股、管理关系的不同单位，不得参加同一标段投标。"
        ],
    }
    if lot.content.get("period_days"):
        found["period_days"] = lot.content["period_days"]
    return found


def present(lot: procedures.LotFacts, whole: Whole, times: checks.Times) -> set[str]:
    """Which of the notice's statutory items have content (ZB-07)."""
    document, texts = whole.document, whole.document.texts
    told = {
        "project_name": lot.procedure_name, "procuring_entity": lot.procuring_entity, "scope": texts["scope"],
        "funding": texts["funds"], "location": texts["location"], "duration": document.period_days,
        "qualification": document.qualifications, "documents_from": times.documents_from,
        "documents_until": times.documents_until, "bid_deadline": times.bid_deadline,
        "contact": whole.notice.get("contact") and whole.notice.get("phone"),
    }  # fmt: skip
    # these are the platform's own doing and stand in every notice
    always = {"consortium", "documents_how", "bid_how", "platform_url"}
    return always | {item for item, content in told.items() if content}


def findings(lot: procedures.LotFacts, whole: Whole, times: checks.Times) -> tuple[Finding, ...]:
    """Every rule check of a whole draft."""
    return checks.check(lot, whole.document, times, present=present(lot, whole, times), template=whole.template)

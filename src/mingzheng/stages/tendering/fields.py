"""The tender document as structured fields: read from a form or a program, completed from a template, checked for form.

Amounts and points travel as decimal strings. What a lot publishes is `Document.record()`, and its canonical JSON is what
the digests are taken from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from mingzheng.kernel import canonical
from mingzheng.kernel import digest as digests
from mingzheng.kernel.money import NotMoney, yuan
from mingzheng.stages.procedures import formulas
from mingzheng.stages.procedures.kinds import METHODS
from mingzheng.stages.tendering import rules

WAYS = {"transfer": "银行转账", "guarantee": "电子保函"}
SUMMARY = {
    "price": "投标报价（元）", "period_days": "工期（日历天）", "quality": "质量目标", "project_manager": "项目负责人",
}  # fmt: skip
CRITERION_KINDS = ("objective", "subjective", "price")
TEXTS = {
    "scope": "招标范围", "location": "建设地点", "scale": "建设规模", "quality": "质量要求", "funds": "资金来源",
    "approval": "审批核准文件号", "ceiling_method": "最高限价计算方法",
}  # fmt: skip
KNOWN = {
    *TEXTS, "template", "method", "period_days", "qualifications", "consortium", "price_ceiling", "price_floor",
    "deposit_amount", "deposit_ways", "bid_validity_days", "decryption_minutes", "criteria", "review", "benchmark",
    "summary_fields", "chapters", "instructions", "sign_in_minutes", "confirmation_minutes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Criterion:
    """One evaluation factor: what it is called, how it is scored, its full marks."""

    id: str
    name: str
    kind: str
    full: Decimal
    description: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A complete tender document. Amounts in yuan, `period_days` and `bid_validity_days` in calendar days."""

    method: str
    criteria: tuple[Criterion, ...]
    benchmark: dict[str, Any]
    price_ceiling: Decimal | None
    price_floor: Decimal | None
    deposit_amount: Decimal
    deposit_ways: tuple[str, ...]
    bid_validity_days: int
    decryption_minutes: int
    sign_in_minutes: int
    confirmation_minutes: int
    period_days: int
    qualifications: tuple[str, ...]
    consortium: bool
    summary_fields: tuple[str, ...]
    review: tuple[dict[str, str], ...]
    chapters: tuple[dict[str, Any], ...]
    instructions: tuple[dict[str, str], ...]
    texts: dict[str, str] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """The document as JSON without numbers that JSON cannot say exactly."""
        return {
            **self.texts,
            "method": self.method,
            "criteria": [criterion_record(one) for one in self.criteria],
            "benchmark": self.benchmark,
            "price_ceiling": None if self.price_ceiling is None else format(self.price_ceiling, "f"),
            "deposit_amount": format(self.deposit_amount, "f"),
            "deposit_ways": list(self.deposit_ways),
            "bid_validity_days": self.bid_validity_days,
            "decryption_minutes": self.decryption_minutes,
            "sign_in_minutes": self.sign_in_minutes,
            "confirmation_minutes": self.confirmation_minutes,
            "period_days": self.period_days,
            "qualifications": list(self.qualifications),
            "consortium": self.consortium,
            "summary_fields": list(self.summary_fields),
            "review": list(self.review),
            "chapters": list(self.chapters),
            "instructions": list(self.instructions),
        }

    def criteria_digest(self) -> str:
        """Digest of everything that decides scores: method, factors, review points, benchmark formula."""
        record = self.record()
        return digest({key: record[key] for key in ("method", "criteria", "review", "benchmark", "price_ceiling")})


def criterion_record(one: Criterion) -> dict[str, str]:
    return {
        "id": one.id, "name": one.name, "kind": one.kind, "full": format(one.full, "f"), "description": one.description,
    }  # fmt: skip


def digest(value: Any) -> str:
    """The digest (`sha256:…`, `sm3:…`) of the canonical JSON of `value`."""
    return digests.of(canonical.dumps(value).encode())


def read(given: Mapping[str, Any]) -> Document:
    """A document from fields; refused `tendering.field-wrong` or `tendering.method-wrong` naming what is wrong."""
    if unknown := set(given) - KNOWN:
        raise rules.FIELD_WRONG(field=sorted(unknown)[0], problem="不认识的字段")
    method = str(given.get("method", "lowest_price"))
    if method not in METHODS:
        raise rules.FIELD_WRONG(field="评标办法", problem=f"没有“{method}”")
    made = Document(
        method=method,
        criteria=tuple(_criterion(n, one) for n, one in enumerate(_list("评审因素", given.get("criteria")), 1))
        if method == "weighted" else (),
        benchmark=dict(given.get("benchmark") or {}) if method == "weighted" else {},
        price_ceiling=_amount("最高投标限价", given.get("price_ceiling")),
        price_floor=_amount("最低投标限价", given.get("price_floor")),
        deposit_amount=_amount("投标保证金", given.get("deposit_amount")) or Decimal("0.00"),
        deposit_ways=_choices("保证金形式", given.get("deposit_ways") or list(WAYS), WAYS),
        bid_validity_days=_whole("投标有效期", given.get("bid_validity_days", 90), 0, 3650),
        decryption_minutes=_whole("解密时限（分钟）", given.get("decryption_minutes", 30), 1, 1440),
        sign_in_minutes=_whole("开标前签到（分钟）", given.get("sign_in_minutes", 60), 0, 1440),
        confirmation_minutes=_whole("确认时限（分钟）", given.get("confirmation_minutes", 10), 1, 1440),
        period_days=_whole("工期", given.get("period_days", 365), 1, 36500),
        qualifications=_lines("资格要求", given.get("qualifications")),
        consortium=_yes(given.get("consortium")),
        summary_fields=_summary(given.get("summary_fields")),
        review=tuple(_texts("评审项目", one) for one in _list("评审项目", given.get("review"))),
        chapters=tuple(_chapter(one) for one in _list("章节", given.get("chapters"))),
        instructions=tuple(_texts("投标人须知", one) for one in _list("投标人须知", given.get("instructions"))),
        texts={key: _text(label, given.get(key, "")) for key, label in TEXTS.items()},
    )  # fmt: skip
    check_method(made)
    return made


def check_method(made: Document) -> None:
    """Weighted: different factors, one of them the price, 100 full marks in all, a benchmark formula to compute it by."""
    if made.method != "weighted":
        return
    if len({one.id for one in made.criteria}) != len(made.criteria):
        raise rules.METHOD_WRONG(problem="评审因素编号重复")
    if sum(one.kind == "price" for one in made.criteria) != 1:
        raise rules.METHOD_WRONG(problem="须有且只有一项报价因素")
    total = sum((one.full for one in made.criteria), Decimal(0))
    if total != 100:
        raise rules.METHOD_WRONG(problem=f"满分合计应为 100 分，现为 {total.normalize():f} 分")
    if not made.benchmark:
        raise rules.METHOD_WRONG(problem="没有评标基准价公式")
    try:
        formula = formulas.read(made.benchmark)
    except formulas.BadFormula as wrong:
        raise rules.METHOD_WRONG(problem=f"评标基准价公式有误（{wrong}）") from None
    if formula.needs_ceiling and made.price_ceiling is None:
        raise rules.METHOD_WRONG(problem="评标基准价公式要用最高投标限价，请填写限价")


def _criterion(number: int, given: Any) -> Criterion:
    if not isinstance(given, Mapping) or not str(given.get("name", "")).strip():
        raise rules.FIELD_WRONG(field="评审因素", problem=f"第 {number} 项没有名称")
    kind = str(given.get("kind", "objective"))
    if kind not in CRITERION_KINDS:
        raise rules.FIELD_WRONG(field="评审因素", problem=f"第 {number} 项类别“{kind}”不存在")
    try:
        full = Decimal(str(given.get("full")))
    except InvalidOperation:
        raise rules.FIELD_WRONG(field="评审因素", problem=f"第 {number} 项满分不是数") from None
    if not full.is_finite() or full <= 0 or full > 100:
        raise rules.FIELD_WRONG(field="评审因素", problem=f"第 {number} 项满分应大于 0、不超过 100")
    identity = str(given.get("id") or f"c{number}")
    return Criterion(identity, str(given["name"]).strip(), kind, full, str(given.get("description", "")).strip())


def _amount(label: str, given: Any) -> Decimal | None:
    if given is None or given == "":
        return None
    try:
        return yuan(given if isinstance(given, str | int | Decimal) else str(given))
    except (NotMoney, ValueError):
        raise rules.FIELD_WRONG(field=label, problem="应为以元为单位的金额") from None


def _whole(label: str, given: Any, least: int, most: int) -> int:
    try:
        number = int(str(given))
    except ValueError:
        raise rules.FIELD_WRONG(field=label, problem="应为整数") from None
    if not least <= number <= most:
        raise rules.FIELD_WRONG(field=label, problem=f"应在 {least} 至 {most} 之间")
    return number


def _yes(given: Any) -> bool:
    return given in (True, "true", "on", "1", 1)


def _text(label: str, given: Any) -> str:
    if not isinstance(given, str | int) or len(str(given)) > 20_000:
        raise rules.FIELD_WRONG(field=label, problem="应为文字")
    return str(given).strip()


def listed(given: Any) -> Any:
    """What a form sent, with numbered names turned into lists again ("criteria.0.name"), inside out."""
    if isinstance(given, Mapping):
        inner = {str(key): listed(value) for key, value in given.items()}
        if inner and all(key.isdigit() for key in inner):
            return [inner[key] for key in sorted(inner, key=int)]
        return inner
    return [listed(value) for value in given] if isinstance(given, list | tuple) else given


def _blank(given: Any) -> bool:
    """A row of a form nobody filled in: every text in it is empty (a chosen kind alone says nothing)."""
    return isinstance(given, Mapping) and not any(value for key, value in given.items() if key not in ("kind", "id"))


def _list(label: str, given: Any) -> list[Any]:
    if given is None or given == "":
        return []
    if isinstance(given, list | tuple):
        given = [one for one in given if not _blank(one)]
    if not isinstance(given, list | tuple) or len(given) > 500:
        raise rules.FIELD_WRONG(field=label, problem="应为列表")
    return list(given)


def _lines(label: str, given: Any) -> tuple[str, ...]:
    items = given.splitlines() if isinstance(given, str) else _list(label, given)
    return tuple(text for text in (_text(label, item) for item in items) if text)


def _choices(label: str, given: Any, known: Mapping[str, str]) -> tuple[str, ...]:
    items = tuple([given] if isinstance(given, str) else given)
    if not items or not set(items) <= known.keys():
        raise rules.FIELD_WRONG(field=label, problem=f"应为{'、'.join(known.values())}")
    return tuple(one for one in known if one in items)


def _summary(given: Any) -> tuple[str, ...]:
    """What the bidder fills in for reading aloud; the price always belongs to it."""
    items = _lines("开标一览表", given) or tuple(SUMMARY)
    return items if "price" in items else ("price", *items)


def _texts(label: str, given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise rules.FIELD_WRONG(field=label, problem="格式不对")
    return {str(key): _text(label, value) for key, value in given.items()}


def _chapter(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise rules.FIELD_WRONG(field="章节", problem="格式不对")
    sections = [
        {"title": _text("章节", one.get("title", "")), "paragraphs": list(_lines("章节", one.get("paragraphs")))}
        for one in _list("章节", given.get("sections"))
        if isinstance(one, Mapping)
    ]
    return {"title": _text("章节", given.get("title", "")), "sections": sections}

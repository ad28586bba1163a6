"""Facts as rows of tables."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from mingzheng.kernel import clock
from mingzheng.kernel.refusal import REFUSALS, Refused
from mingzheng.stages.parties import queries, rules

STANDINGS = {
    "good": ("有效", "ok"), "not-yet": ("未生效", "mute"), "over": ("已到期", "mute"), "expired": ("已到期", "mute"),
    "revoked": ("已停用", "bad"),
}  # fmt: skip
ENDS = {
    "left": "退出",
    "idle": "久未操作",
    "too-old": "超过最长时限",
    "revoked": "权限或证书停用",
    "replaced": "重新登录",
}
OPERATIONS = {
    "parties.organisation-registered": "单位登记", "parties.person-added": "开设账号",
    "parties.certificate-enrolled": "登记证书", "parties.certificate-revoked": "停用证书",
    "parties.role-granted": "授予角色", "parties.role-withdrawn": "收回角色", "parties.agency-authorised": "委托代理",
    "parties.authorisation-revoked": "收回委托", "parties.password-set": "设置口令",
    "parties.totp-begun": "新建动态码", "parties.totp-confirmed": "启用动态码", "parties.logged-in": "登录",
    "parties.login-refused": "登录被拒", "parties.stranger-refused": "登录被拒",
    "parties.organisation-chosen": "选择单位", "parties.logged-out": "会话结束",
    "parties.assessment-recorded": "登记测评证书",
}  # fmt: skip
ALGORITHMS = {"sha256": "P-256 / SHA-256", "sm3": "SM2 / SM3"}  # a fingerprint is digested under its key's suite
TOLD = {
    "path": gettext_noop("打开"), "address": gettext_noop("地址"), "what": gettext_noop("资料类别"), "records": gettext_noop("份数"),
    "code": gettext_noop("结果"), "role": gettext_noop("授予"), "held": gettext_noop("已有"), "rule": gettext_noop("依据"),
    "organisation": gettext_noop("单位"),
}  # fmt: skip
WAYS = {"certificate": "数字证书", "password": "口令和动态码", "system": "系统"}


def _standing(word: str) -> tuple[str, str]:
    text, tone = STANDINGS[word]
    return gettext(text), tone


def named(facts: queries.CertificateFacts) -> str:
    """A certificate in a list to choose from."""
    until = gettext("至 %(date)s") % {"date": f"{facts.not_after.astimezone(clock.UTC8):%Y-%m-%d}"}
    return f"{_short(facts)} {facts.issuer} {until}"


def _short(facts: queries.CertificateFacts) -> str:
    return facts.fingerprint.partition(":")[2][:16]


def certificate(facts: queries.CertificateFacts, in_use: str = "") -> dict[str, Any]:
    """One certificate: short fingerprint, issuer, validity, standing; `in_use` is the one of this login."""
    standing = _standing(facts.standing(clock.now()))
    if facts.ends_soon(clock.now()):
        standing = (gettext("快到期"), "warn")
    return {
        "fingerprint": facts.fingerprint, "short": _short(facts), "issuer": facts.issuer, "serial": facts.serial[-12:],
        "algorithm": ALGORITHMS[facts.fingerprint.partition(":")[0]], "person": facts.person_name,
        "organisation": facts.organisation_name, "not_before": facts.not_before, "not_after": facts.not_after,
        "standing": standing, "mine": facts.fingerprint == in_use, "why": facts.reason,
    }  # fmt: skip


def session(facts: queries.LoginFacts, current: str) -> dict[str, Any]:
    """One open session; `mine` is the one that asks."""
    mine = str(facts.id) == current
    return {
        "began_at": facts.began_at, "address": facts.address, "way": gettext(WAYS[facts.strength]), "mine": mine,
        "standing": (gettext("本次登录"), "info") if mine else (gettext("打开"), "ok"),
    }  # fmt: skip


def trail(facts: queries.TrailFacts) -> dict[str, Any]:
    """One operation: what in words, on what, from where, with which outcome."""
    outcome = facts.outcome
    refused = outcome in REFUSALS
    if refused:
        outcome = gettext(REFUSALS[outcome].what).split("，")[0].split("。")[0]
    elif outcome in rules.ROLES:
        outcome = gettext(rules.ROLES[outcome].label)
    else:
        outcome = gettext(ENDS[outcome]) if outcome in ENDS else outcome
    return {
        "at": facts.at, "what": gettext(OPERATIONS[facts.what]) if facts.what in OPERATIONS else facts.what, "object": facts.object,
        "address": facts.address, "outcome": (outcome or gettext("完成"), "warn" if refused else "mute"), "number": facts.number,
    }  # fmt: skip


def warnings(found: Iterable[queries.WarningFacts]) -> list[dict[str, Any]]:
    """Security warnings as rows; an account is looked up once, however often it was warned of."""
    found = list(found)
    logins = {person: _login_of(person) for person in {one.person for one in found}}
    return [warning(one, logins[one.person]) for one in found]


def _login_of(person: UUID) -> str:
    try:
        return queries.person(person).login
    except Refused:
        return ""


def warning(facts: queries.WarningFacts, who: str) -> dict[str, Any]:
    """One security warning: what kind, whose account, what was found."""
    told = "；".join(f"{gettext(TOLD.get(name, name))} {_told(value)}" for name, value in sorted(facts.facts.items()))
    return {"at": facts.raised_at, "kind": (gettext(rules.WARNINGS[facts.kind]), "warn"), "who": who, "told": told}


def _told(value: Any) -> str:
    """A fact of a warning: a refusal or a role by its name."""
    text = str(value)
    if text in REFUSALS:
        return gettext(REFUSALS[text].what).split("，")[0].split("。")[0]
    return gettext(rules.ROLES[text].label) if text in rules.ROLES else text


def authorisation(facts: queries.AuthorisationFacts, at: datetime) -> dict[str, Any]:
    """One authorisation with both parties and its standing at `at`."""
    return {
        "id": facts.id, "principal": facts.principal_name, "agency": facts.agency_name,
        "scope": str(facts.procedure) if facts.procedure else gettext("全部项目"), "valid_from": facts.valid_from,
        "valid_until": facts.valid_until, "standing": _standing(facts.standing(at)), "reason": facts.reason,
    }  # fmt: skip


def person(facts: queries.PersonFacts) -> dict[str, Any]:
    """One person of one organisation with its roles in words."""
    return {
        "id": facts.id, "name": (facts.name, facts.login), "organisation": facts.organisation_name,
        "roles": "、".join(gettext(rules.ROLES[r].label) for r in sorted(facts.roles) if r in rules.ROLES) or gettext("无角色"),
        "standing": (gettext("在用"), "ok") if facts.active else (gettext("停用"), "bad"),
    }  # fmt: skip


# The columns of this stage's tables: key, label (gettext source), kind.
_COLUMNS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "accesses": (
        ("at", gettext_noop("时间"), "when"),
        ("method", gettext_noop("方式"), "text"),
        ("path", gettext_noop("打开的内容"), "code"),
        ("address", gettext_noop("地址"), "code"),
    ),
    "warnings": (
        ("at", gettext_noop("时间"), "when"),
        ("kind", gettext_noop("类别"), "status"),
        ("who", gettext_noop("账号"), "name"),
        ("told", gettext_noop("情况"), "text"),
    ),
    "controls": (
        ("group", gettext_noop("类别"), "text"),
        ("label", gettext_noop("控制项"), "name"),
        ("evidence", gettext_noop("证据（自动测试）"), "code"),
    ),
    "assessments": (
        ("number", gettext_noop("证书编号"), "name"),
        ("level", gettext_noop("等级"), "num"),
        ("body", gettext_noop("测评机构"), "text"),
        ("issued", gettext_noop("发证日期"), "when"),
        ("valid_until", gettext_noop("有效期至"), "when"),
    ),
    "authorities": (
        ("issuer", gettext_noop("发证机构"), "name"),
        ("logins", gettext_noop("登录"), "num"),
        ("refusals", gettext_noop("被拒"), "num"),
    ),
    "stuck": (
        ("reaction", gettext_noop("反应"), "name"),
        ("seq", gettext_noop("序号"), "num"),
        ("tries", gettext_noop("次数"), "num"),
        ("next_try", gettext_noop("下次"), "when"),
        ("error", gettext_noop("原因"), "text"),
    ),
    "given": (
        ("agency", gettext_noop("代理机构"), "name"),
        ("scope", gettext_noop("范围"), "text"),
        ("valid_from", gettext_noop("自"), "when"),
        ("valid_until", gettext_noop("至"), "when"),
        ("standing", gettext_noop("状态"), "status"),
    ),
    "held": (
        ("principal", gettext_noop("招标人"), "name"),
        ("scope", gettext_noop("范围"), "text"),
        ("valid_from", gettext_noop("自"), "when"),
        ("valid_until", gettext_noop("至"), "when"),
        ("standing", gettext_noop("状态"), "status"),
    ),
    "lines": (
        ("at", gettext_noop("时间"), "when"),
        ("what", gettext_noop("事项"), "name"),
        ("object", gettext_noop("对象"), "code"),
        ("address", gettext_noop("地址"), "code"),
        ("outcome", gettext_noop("结果"), "status"),
        ("number", gettext_noop("账本序号"), "num"),
    ),
    "strangers": (
        ("at", gettext_noop("时间"), "when"),
        ("what", gettext_noop("事项"), "name"),
        ("address", gettext_noop("地址"), "code"),
        ("outcome", gettext_noop("原因"), "status"),
    ),
    "certificates": (
        ("short", gettext_noop("指纹"), "code"),
        ("issuer", gettext_noop("发证机构"), "text"),
        ("algorithm", gettext_noop("密码算法"), "text"),
        ("not_before", gettext_noop("有效期自"), "when"),
        ("not_after", gettext_noop("有效期至"), "when"),
        ("standing", gettext_noop("状态"), "status"),
    ),
    "house_certificates": (
        ("person", gettext_noop("人员"), "name"),
        ("short", gettext_noop("指纹"), "code"),
        ("issuer", gettext_noop("发证机构"), "text"),
        ("not_before", gettext_noop("有效期自"), "when"),
        ("not_after", gettext_noop("有效期至"), "when"),
        ("standing", gettext_noop("状态"), "status"),
    ),
    "sessions": (
        ("began_at", gettext_noop("开始"), "when"),
        ("way", gettext_noop("方式"), "text"),
        ("address", gettext_noop("地址"), "code"),
        ("standing", gettext_noop("状态"), "status"),
    ),
    "history": (
        ("at", gettext_noop("时间"), "when"),
        ("what", gettext_noop("事项"), "name"),
        ("address", gettext_noop("地址"), "code"),
        ("outcome", gettext_noop("结果"), "status"),
        ("number", gettext_noop("账本序号"), "num"),
    ),
    "people": (
        ("name", gettext_noop("人员"), "name"),
        ("organisation", gettext_noop("单位"), "text"),
        ("roles", gettext_noop("角色"), "text"),
        ("standing", gettext_noop("状态"), "status"),
    ),
    "certificates_found": (
        ("person", gettext_noop("人员"), "name"),
        ("fingerprint", gettext_noop("指纹"), "code"),
        ("not_after", gettext_noop("有效期至"), "when"),
        ("standing", gettext_noop("状态"), "status"),
    ),
}


def columns() -> dict[str, list[dict[str, str]]]:
    """The columns of every table, in the reader's language."""
    return {
        name: [{"key": key, "label": gettext(label), "kind": kind} for key, label, kind in heads]
        for name, heads in _COLUMNS.items()
    }

"""Rules of parties: who may hold which role, which roles exclude each other, when an authorisation stands."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from mingzheng.kernel.numbering import is_uscc
from mingzheng.kernel.refusal import refusal

KINDS = {
    "procuring_entity": "招标人", "agency": "招标代理机构", "bidder": "投标人", "centre": "公共资源交易中心",
    "supervision": "行政监督部门", "expert_pool": "评标专家库",
}  # fmt: skip
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})
PARTIES = frozenset({"procuring_entity", "agency", "bidder", "host"})


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its name, the kinds of organisation whose people may hold it, and the clause it comes from."""

    label: str
    kinds: frozenset[str]
    source: str = ""


ROLES: dict[str, Role] = {
    "procuring_entity": Role("招标人", frozenset({"procuring_entity"}), "LN-6.1"),
    "agency": Role("招标代理机构", frozenset({"agency"}), "RG-7.1-5"),
    "bidder": Role("投标人", frozenset({"bidder"}), "LN-6.1"),
    "host": Role("主持人", frozenset({"procuring_entity", "agency"}), "LN-6.1；LN-3.11"),
    "expert": Role("评标专家", frozenset({"expert_pool"}), "招标投标法 37"),
    "centre_staff": Role("中心工作人员", frozenset({"centre"}), "GF-3.3"),
    "witness": Role("见证人", frozenset({"centre"}), "ZB-4.3.1-1；LN-3.12"),
    "supervisor": Role("监管人员", frozenset({"supervision"}), "LN-6.1"),
    "operator": Role("运维技术人员", frozenset({"centre"}), "LN-6.1"),
    "archivist": Role("档案管理员", frozenset({"centre"}), "GF-6.6"),
    "system_admin": Role("系统管理员", frozenset({"centre"}), "ZB-4.4.2"),
    "security_admin": Role("安全管理员", frozenset({"centre"}), "ZB-4.4.2"),
    "audit_admin": Role("审计管理员", frozenset({"centre"}), "ZB-4.4.2"),
}
MEMBER = "member"  # everybody with an account in an organisation; granted with the account, no duty of its own
OWN_ROLE = {"procuring_entity": "procuring_entity", "agency": "agency", "bidder": "bidder"}  # given at registration


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sets of roles of which one person may not hold one each, and why."""

    one: frozenset[str]
    other: frozenset[str]
    source: str


CONFLICTS = (
    Conflict(frozenset({"witness"}), PARTIES | {"expert", "supervisor"}, "ZB-4.6.2；LN-9-2-1；GF-4.2.3-1"),
    Conflict(frozenset({"supervisor"}), frozenset(ROLES) - {"supervisor"}, "LN-9-2-1；GF-4.2.3-1"),
    Conflict(frozenset({"centre_staff", "archivist", "operator"}), PARTIES | {"expert"}, "GF-4.1-1；GF-4.2.3-1"),
    Conflict(ADMINISTRATORS, frozenset(ROLES) - ADMINISTRATORS, "GF-4.2.3-1；ZB-4.4.2"),
    Conflict(
        frozenset({"procuring_entity", "agency", "host"}), frozenset({"bidder"}), "招标投标法 13；招标投标法实施条例 34"
    ),
    Conflict(frozenset({"expert"}), frozenset({"agency", "host"}), "招标投标法 37"),
)

WITNESS_OF_CENTRE = refusal(
    "parties.witness-of-centre",
    what="见证人只能由公共资源交易中心的在岗工作人员担任，{organisation} 不是交易中心。",
    todo="请从本中心工作人员中指定见证人。",
    source="ZB-4.3.1-1；LN-3.12",
)
ROLE_OUTSIDE = refusal(
    "parties.role-outside",
    what="“{role}”只能授予{kinds}的人员。",
    todo="请核对该人员所在单位，或选择与单位类别相符的角色。",
    source="LN-6.1；GF-3.3",
)
ROLES_CONFLICT = refusal(
    "parties.roles-conflict",
    what="“{role}”与此人已有的“{held}”不能由同一人担任。",
    todo="请先收回其中一个角色，或改授他人。",
    source="GF-4.2.3-1；ZB-4.6.2；LN-9-2-1",
)
ADMINS_ARE_THREE = refusal(
    "parties.three-administrators",
    what="系统、安全、审计三种管理员须是三个人；此人已是“{held}”，不能再任“{role}”。",
    todo="请另外指定人员。",
    source="GB/T 22239 8.1.4；ZB-4.4.2；GF-4.2.3-1",
)
NOT_ONESELF = refusal(
    "parties.not-oneself",
    what="安全管理员不能给自己授予或收回角色。",
    todo="请由另一名安全管理员办理。",
    source="GF-4.2.3-1",
)
ROLE_UNKNOWN = refusal(
    "parties.no-such-role", what="没有“{role}”这个角色。", todo="请从列表中选择角色。", status=422, evidence=False
)
ROLE_HELD = refusal("parties.role-held", what="此人在该单位已有“{role}”角色。", todo="不需要重复授予。", evidence=False)
ROLE_NOT_HELD = refusal(
    "parties.role-not-held", what="此人在该单位没有“{role}”角色。", todo="请刷新页面后再看。", evidence=False
)
NOT_MEMBER = refusal(
    "parties.not-member", what="此人不是该单位的在册人员。", todo="请先把此人登记到该单位。", source="GF-3.3"
)
NO_SUCH_ORGANISATION = refusal(
    "parties.no-such-organisation",
    what="没有这个单位。",
    todo="请核对单位。",
    source="GF-3.3",
    status=404,
    evidence=False,
)
NO_SUCH_PERSON = refusal(
    "parties.no-such-person", what="没有这个人员。", todo="请核对人员。", status=404, evidence=False
)
CODE_WRONG = refusal(
    "parties.credit-code-wrong",
    what="统一社会信用代码“{given}”不正确，校验位不符。",
    todo="请对照营业执照核对 18 位代码。",
    source="GB 32100-2015；SD-3.4.1-2-1",
    status=422,
)
CODE_TAKEN = refusal(
    "parties.credit-code-taken",
    what="这个统一社会信用代码已经登记。",
    todo="请用已有账号登录，或联系本单位管理员增加人员。",
)
LOGIN_TAKEN = refusal(
    "parties.login-taken", what="这个登录名不能使用。", todo="请换一个登录名。", status=422, evidence=False
)
KIND_NOT_OPEN = refusal(
    "parties.kind-not-open",
    what="“{kind}”类单位不能自行登记。",
    todo="请联系交易中心办理。",
    status=403,
)
CERTIFICATE_UNKNOWN = refusal(
    "parties.certificate-not-enrolled",
    what="这张数字证书没有在本平台登记，或不是登记给这个单位和人员的。",
    todo="请核对所选的密钥文件；新证书请先登记。",
    source="RG-4.1-2",
    status=403,
)
CERTIFICATE_GONE = refusal(
    "parties.certificate-revoked",
    what="这张数字证书已于 {at} 停用。",
    todo="请换用在用的证书，或登记新证书。",
    source="RG-4.1-2；电子签名法 15",
    status=403,
)
CERTIFICATE_OTHER_PARTY = refusal(
    "parties.certificate-of-another",
    what="证书记载的单位与登记单位的统一社会信用代码不一致。",
    todo="请使用签发给本单位的证书。",
    source="RG-4.1-2",
    status=403,
)
CERTIFICATE_OTHER_PERSON = refusal(
    "parties.certificate-of-another-person",
    what="证书记载的姓名“{named}”与人员“{person}”不一致。",
    todo="替他人登记时，证书须签发给其本人；请核对所选人员和证书。",
    source="RG-4.1-2",
    status=403,
)
CERTIFICATE_TWICE = refusal("parties.certificate-enrolled-before", what="这张证书已经登记过。", todo="不需要重复登记。")
NOT_AUTHORISED = refusal(
    "parties.not-authorised",
    what="没有招标人的有效委托，代理机构不能办理这个项目。",
    todo="请招标人在“委托代理”页面授权。",
    source="RG-7.1-5；招标投标法 12、15",
    status=403,
)
NOT_AN_AGENCY = refusal(
    "parties.not-an-agency", what="所选单位不是招标代理机构。", todo="请选择招标代理机构。", source="招标投标法 13"
)
PERIOD_WRONG = refusal(
    "parties.period-wrong", what="委托期限的终止时间须晚于开始时间和现在。", todo="请改正期限。", status=422
)
AUTHORISATION_GONE = refusal(
    "parties.authorisation-gone", what="这项委托已经收回或不属于本单位。", todo="请刷新页面后再看。"
)
WEAK_PASSWORD = refusal(
    "parties.weak-password",
    what="口令太弱：至少 {least} 个字符，含字母、数字、符号中的两类，且不含登录名。",
    todo="请换一个口令。",
    source="GB/T 22239 8.1.4.1",
    status=422,
    evidence=False,
)
CODE_NOT_RIGHT = refusal(
    "parties.totp-wrong", what="动态码不对或已用过。", todo="请等待下一个动态码再试，并核对手机时间。", status=422
)

ASSESSMENT_WRONG = refusal(
    "parties.assessment-wrong",
    what="测评等级须为 1 至 5，发证日期不晚于今天，有效期至须晚于发证日期。",
    todo="请对照测评证书改正。",
    source="ZB-4.4.2；GB/T 22239",
    status=422,
)
ASSESSMENT_KNOWN = refusal(
    "parties.assessment-known", what="测评证书 {number} 已经登记。", todo="不需要重复登记。", evidence=False
)

LEAST_PASSWORD = 10
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def check_code(code: str) -> str:
    """The unified social credit code in capitals. Refused when its check character is wrong (GB 32100)."""
    code = code.strip().upper()
    if not is_uscc(code):
        raise CODE_WRONG(given=code[:18])
    return code


def check_kinds(kinds: Iterable[str], *, by_itself: bool) -> tuple[str, ...]:
    """The kinds of an organisation; by itself only a trading party may register."""
    found = tuple(sorted(set(kinds)))
    for kind in found:
        if kind not in KINDS or (by_itself and kind not in OWN_ROLE):
            raise KIND_NOT_OPEN(kind=KINDS.get(kind, kind))
    if not found:
        raise KIND_NOT_OPEN(kind="—")
    return found


def login_name(login: str) -> str:
    """A login name as it is compared: NFKC, lower case, 2 to 40 of a-z 0-9 . _ -"""
    name = unicodedata.normalize("NFKC", login).strip().lower()
    if not _LOGIN.fullmatch(name):
        raise LOGIN_TAKEN()
    return name


def check_password(password: str, login: str) -> None:
    """At least ten characters of two classes, without the login name."""
    classes = sum(any(test(c) for c in password) for test in (str.isdigit, str.isalpha, lambda c: not c.isalnum()))
    if len(password) < LEAST_PASSWORD or classes < 2 or login in password.lower():
        raise WEAK_PASSWORD(least=LEAST_PASSWORD)


def may_hold(role: str, kinds: Collection[str], organisation: str) -> None:
    """Whether people of an organisation of these kinds may hold `role` (ZB-4.3.1-1, LN-3.12)."""
    known = ROLES.get(role)
    if known is None:
        raise ROLE_UNKNOWN(role=role[:40])
    if known.kinds & set(kinds):
        return
    if role == "witness":
        raise WITNESS_OF_CENTRE(organisation=organisation)
    raise ROLE_OUTSIDE(role=known.label, kinds="、".join(KINDS[k] for k in sorted(known.kinds)))


def may_combine(role: str, held: Iterable[str]) -> None:
    """Whether one person may hold `role` beside the roles it holds anywhere."""
    for other in sorted(set(held) - {role, MEMBER}):
        if {role, other} <= ADMINISTRATORS:
            raise ADMINS_ARE_THREE(role=ROLES[role].label, held=ROLES[other].label)
        for conflict in CONFLICTS:
            if (role in conflict.one and other in conflict.other) or (role in conflict.other and other in conflict.one):
                raise ROLES_CONFLICT(role=ROLES[role].label, held=ROLES[other].label, rule=conflict.source)


def may_enrol_for_another(named: str, person: str, house: str, *, by_account_office: bool) -> None:
    """A certificate that somebody else enrols must name its person, or no colleague could act in another's name.

    The account office also takes an organisation's own certificate (机构证书) for whom it identified.
    """
    accepted = {person, house} if by_account_office else {person}
    if "".join(unicodedata.normalize("NFKC", named).split()) not in {
        "".join(unicodedata.normalize("NFKC", one).split()) for one in accepted
    }:
        raise CERTIFICATE_OTHER_PERSON(named=named[:64], person=person)


def ends_soon(not_after: datetime, at: datetime, days: int) -> bool:
    """Whether something that still stands at `at` ends within so many days."""
    return at <= not_after <= at + timedelta(days=days)


def authorisation_stands(
    at: datetime,
    *,
    valid_from: datetime,
    valid_until: datetime,
    revoked_at: datetime | None,
    scope: UUID | None,
    procedure: UUID | None,
) -> bool:
    """Whether an agency's authorisation covers `procedure` at `at`. One for a single procedure covers no other."""
    if revoked_at is not None and at >= revoked_at:
        return False
    return valid_from <= at < valid_until and (scope is None or scope == procedure)


def check_period(at: datetime, valid_from: datetime, valid_until: datetime) -> None:
    if valid_until <= valid_from or valid_until <= at:
        raise PERIOD_WRONG()


def check_assessment(level: int, issued: date, valid_until: date, today: date) -> None:
    """A level of 1 to 5, issued by today, good for some time."""
    if not 1 <= level <= 5 or issued > today or valid_until <= issued:
        raise ASSESSMENT_WRONG()


# --- watching ---------------------------------------------------------------------------------------------------

WARNINGS = {
    "sensitive_data_use": "敏感数据使用", "leak_channel": "易泄露渠道", "role_grant": "角色权限分配",
}  # fmt: skip
BULK, BULK_WINDOW = 5, timedelta(hours=1)  # so many different records within so long are more than one case needs
STAFF = frozenset({"centre_staff", "witness", "archivist", "operator"}) | ADMINISTRATORS
ACCESS_KEPT = timedelta(days=3 * 365)  # 网络安全法 21 asks for six months at least
NOT_LOGGED = ("/live", "/static/", "/health")
_WAYS_OUT = re.compile(r"(\.(zip|csv|xlsx)|/export)$")


def leaks(roles: Collection[str], path: str) -> bool:
    """Whether staff of the centre takes whole packages or tables away (SD-3.6.3-4: 易泄露渠道)."""
    return bool(STAFF & set(roles)) and bool(_WAYS_OUT.search(path))


# --- logging in -------------------------------------------------------------------------------------------------

FAILURES = 5  # within WINDOW they lock the password way (GB/T 22239 8.1.4.1 b)
WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
CHALLENGE_LASTS = timedelta(minutes=5)

LOGIN_FAILED = refusal(
    "parties.login-failed",
    what="登录名、口令或动态码不对。",
    todo="请核对后再试；15 分钟内错 5 次，口令登录会停用 15 分钟。数字证书登录不受影响。",
    source="GB/T 22239 8.1.4.1；ZB-4.4.2",
    status=403,
    evidence=False,
)
LOGIN_LOCKED = refusal(
    "parties.login-locked",
    what="这个登录名的口令登录已暂停 15 分钟。",
    todo="请稍后再试，或用数字证书登录（不受影响）。",
    source="GB/T 22239 8.1.4.1；ZB-4.4.2",
    status=429,
    evidence=False,
)
CHALLENGE_GONE = refusal(
    "parties.challenge-gone",
    what="登录请求已过期或已用过。",
    todo="请重新打开登录页再试。",
    status=403,
    evidence=False,
)


def locked_until(failures: Iterable[datetime]) -> datetime | None:
    """Until when the password way is closed: five failures within fifteen minutes close it for fifteen."""
    times = sorted(failures)
    runs = zip(times, times[FAILURES - 1 :], strict=False)
    return max((last + LOCKED_FOR for first, last in runs if last - first <= WINDOW), default=None)


def session_over(now: datetime, started: datetime, seen: datetime) -> str:
    """'' while a session lives, else why it ended: 'idle' after an hour, 'too-old' after twelve."""
    if now - started >= LONGEST:
        return "too-old"
    return "idle" if now - seen >= IDLE else ""

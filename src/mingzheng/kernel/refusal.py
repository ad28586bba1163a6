"""A refusal is an answer with a stable code, a sentence that says what happened, and one that says what to do.

Refusals are declared once, beside the rules that use them; the texts are Chinese gettext sources with {facts}.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Need:
    """One condition of an act: what is needed, whether it is there, who supplies it and until when (texts, zh)."""

    what: str
    met: bool
    who: str = ""
    until: str = ""


class Refused(Exception):
    """The act was not done. Everything it touched is rolled back; the refusal itself may be recorded as evidence."""

    def __init__(self, code: str, needs: tuple[Need, ...] = (), **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.needs = needs

    @property
    def kind(self) -> "RefusalKind":
        return REFUSALS.get(self.code) or RefusalKind(self.code, "这个操作没有被接受。", "请刷新页面后再试。")


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """A declared refusal. Calling it makes the exception: `raise TOO_LATE(deadline=...)`."""

    code: str
    what: str
    todo: str
    source: str = ""
    status: int = 409
    evidence: bool = True
    facts: tuple[str, ...] = field(default=())

    def __call__(self, needs: tuple[Need, ...] = (), **facts: Any) -> Refused:
        return Refused(self.code, needs, **facts)


REFUSALS: dict[str, RefusalKind] = {}


def refusal(
    code: str, *, what: str, todo: str, source: str = "", status: int = 409, evidence: bool = True
) -> RefusalKind:
    """Declare a refusal. `status` is its HTTP status; `evidence` False keeps it out of the ledger (a mere typing error)."""
    if code in REFUSALS:
        raise RuntimeError(f"refusal declared twice: {code}")
    kind = RefusalKind(code, what, todo, source, status, evidence)
    REFUSALS[code] = kind
    return kind


NOT_YOURS = refusal(
    "access.not-yours",
    what="您的身份不能做这件事。",
    todo="请换用有此权限的账号登录，或联系本单位管理员授权。",
    status=403,
)
NOT_FOUND = refusal("access.not-found", what="没有找到这个对象。", todo="请核对链接。", status=404, evidence=False)
NEEDS_CERTIFICATE = refusal(
    "access.needs-certificate",
    what="这个操作有法律效力，须用数字证书签名。",
    todo="请用数字证书登录后再办理；密码登录只能查看和保存草稿。",
    source="RG-4.1-2",
    status=403,
)
BAD_SIGNATURE = refusal(
    "access.bad-signature",
    what="签名与提交的内容不一致，没有接受。",
    todo="请重新打开页面，用本人证书再签一次。",
    source="电子签名法 13",
    status=403,
)
BAD_INPUT = refusal(
    "input.not-understood",
    what="“{field}”填写有误：{problem}",
    todo="请改正后再提交，其余内容都保留着。",
    status=422,
    evidence=False,
)
LOGIN_FIRST = refusal("access.login-first", what="请先登录。", todo="登录后会回到这一页。", status=401, evidence=False)

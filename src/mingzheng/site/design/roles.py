"""What a role is called on the screen. Labels are gettext sources."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

LABELS: dict[str, str] = {
    "system_admin": gettext_noop("系统管理员"),
    "security_admin": gettext_noop("安全管理员"),
    "audit_admin": gettext_noop("审计管理员"),
    "supervisor": gettext_noop("监管人员"),
    "witness": gettext_noop("见证人"),
    "archivist": gettext_noop("档案管理员"),
    "centre_staff": gettext_noop("中心工作人员"),
    "expert": gettext_noop("评标专家"),
    "agency": gettext_noop("招标代理机构"),
    "host": gettext_noop("主持人"),
    "procuring_entity": gettext_noop("招标人"),
    "bidder": gettext_noop("投标人"),
    "operator": gettext_noop("运维技术人员"),
    "organisation_admin": gettext_noop("单位管理员"),
}


def label(roles: Iterable[str]) -> str:
    """The chip beside a person's name: the first known role, in the order above; nothing for none."""
    held = set(roles)
    return next((_(text) for role, text in LABELS.items() if role in held), "")

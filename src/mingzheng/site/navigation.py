"""The few entries on top of every page, by role."""

from dataclasses import dataclass

from mingzheng.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: Chinese label (gettext source), address, and whether the reader is there."""

    label: str
    href: str
    current: bool = False


EVERYBODY = (
    ("首页", "/"), ("交易公告", "/notices"), ("开标", "/openings"), ("结果公示", "/results"),
    ("服务指南", "/guide"), ("咨询", "/consult"), ("核验", "/verify"),
)  # fmt: skip
INSIDE: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"*"}), "我的工作台", "/desk"),
    (frozenset({"agency", "procuring_entity", "centre_staff", "supervisor", "witness"}), "项目", "/procedures"),
    (frozenset({"agency", "procuring_entity"}), "委托", "/authorisations"),
    (frozenset({"bidder"}), "投标", "/bids"),
    (frozenset({"bidder"}), "保证金", "/deposits"),
    (frozenset({"expert"}), "评标", "/evaluations"),
    (frozenset({"centre_staff"}), "咨询", "/consultations"),
    (frozenset({"archivist", "supervisor"}), "档案", "/archives"),
    (frozenset({"system_admin", "operator"}), "系统", "/admin-system"),
    (frozenset({"security_admin"}), "授权", "/admin-security"),
    (frozenset({"audit_admin"}), "审计", "/admin-audit"),
    (frozenset({"*"}), "回执", "/receipts"),
)


def nav_for(actor: Actor, path: str) -> list[NavItem]:
    """The actor's navigation; the longest address the path begins with is the current one."""
    if actor.person is None:
        items = [NavItem(label, href) for label, href in EVERYBODY]
    else:
        items = [NavItem(label, href) for roles, label, href in INSIDE if "*" in roles or roles & actor.roles]
    here = max((i.href for i in items if path == i.href or path.startswith(f"{i.href}/")), key=len, default="")
    return [NavItem(i.label, i.href, i.href == here) for i in items]

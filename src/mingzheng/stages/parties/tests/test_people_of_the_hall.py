"""The participants' roles differ in what they may do."""

from mingzheng.kernel.page import PAGES, allowed
from mingzheng.ledger.writing import COMMANDS
from mingzheng.stages.parties import rules

SIX = {
    "招标人": "procuring_entity", "投标人": "bidder", "主持人": "host", "见证人": "witness", "监管人员": "supervisor",
    "运维技术人员": "operator",
}  # fmt: skip


def permissions(role: str) -> set[str]:
    acts = {act for act, command in COMMANDS.items() if role in command.by}
    return acts | {page.name for page in PAGES.values() if "+" not in page.roles and role in page.roles}


def test_the_six_roles_of_a_hall_exist_under_their_names():
    assert {role.label: name for name, role in rules.ROLES.items()}.items() >= SIX.items()


def test_trading_parties_experts_and_supervisors_have_different_permissions():
    roles = ("procuring_entity", "bidder", "witness", "supervisor", "expert")
    sets = [frozenset(permissions(role)) for role in roles]
    assert len(set(sets)) == len(roles)
    assert not allowed(frozenset({"audit_admin"}), frozenset({"bidder", "member", "public"}))

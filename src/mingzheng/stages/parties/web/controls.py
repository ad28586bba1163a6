"""The controls of graded network protection (level 3) that this program carries, each with the tests that show it.

Shown to the system administrator. A test of this stage checks that every named test exists and carries its clauses, so
that the build fails when a control loses its evidence (ZB-4.4.2: GB/T 22239, 25070; GF-9.7-4: GB/T 20271).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

HERE = "src/mingzheng/stages/parties/tests"
CLAUSES = ("ZB-4.4.2", "GF-9.7-4")


@dataclass(frozen=True, slots=True)
class Control:
    """A control: its group (GB/T 20271 function), what it is, and the tests (`file::name`) that show it."""

    group: str
    label: str
    tests: tuple[str, ...]


GROUPS = {
    "identification": gettext_noop("身份鉴别"), "access": gettext_noop("访问控制"), "audit": gettext_noop("安全审计"),
    "integrity": gettext_noop("完整性"), "confidentiality": gettext_noop("保密性"),
}  # fmt: skip

CONTROLS = (
    Control("identification", gettext_noop("口令登录须两种要素，动态码只能用一次"), (
        f"{HERE}/test_password_login.py::test_password_and_code_are_both_needed",
        f"{HERE}/test_password_login.py::test_a_code_is_good_once",
    )),
    Control("identification", gettext_noop("连续失败后锁定"), (
        f"{HERE}/test_password_login.py::test_five_failures_in_fifteen_minutes_lock_the_password_way_for_fifteen",
    )),
    Control("identification", gettext_noop("会话超时"), (
        f"{HERE}/test_sessions.py::test_sessions_end_after_an_hour_of_rest_and_after_twelve_hours_at_all",
    )),
    Control("access", gettext_noop("页面按角色开放"), (
        f"{HERE}/test_security.py::test_every_page_opens_for_its_roles_alone",
    )),
    Control("access", gettext_noop("三员分立"), (
        f"{HERE}/test_roles.py::test_the_three_administrators_are_three_people",
    )),
    Control("audit", gettext_noop("账号留痕可查，账本条目不能修改或删除"), (
        f"{HERE}/test_trail.py::test_a_query_by_account_returns_every_login_and_operation_with_time_address_and_object",
    )),
    Control("integrity", gettext_noop("有法律效力的操作须本人证书签名"), (
        f"{HERE}/test_roles.py::test_a_witness_is_granted_through_the_door_by_the_security_administrator_alone",
    )),
    Control("confidentiality", gettext_noop("数据库中的姓名、单位、代码、联系方式为密文"), (
        f"{HERE}/test_registration.py::test_a_dump_of_the_tables_names_nobody",
    )),
    Control("confidentiality", gettext_noop("会话内容和会话标识不以明文存放"), (
        f"{HERE}/test_sessions.py::test_the_database_holds_neither_session_keys_nor_who_is_logged_in",
    )),
)  # fmt: skip

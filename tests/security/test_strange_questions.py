"""What no form sends: numbers beyond every column, zero bytes, digits of other scripts. Answered, never a fault of ours."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
HUGE = "9" * 30
ASKED = [
    *(f"/{page}?page={number}" for page in ("notices", "results", "search") for number in (HUGE, "9" * 5000, "0", "-1", "²", "٣")),
    *(f"/{page}?q=%00" for page in ("search", "results", "consult", "laws")), "/search?stage=%00", "/notices?kind=%00",
    "/consult?number=%00", "/consult?category=%00", "/laws?law=%00", "/consult?procedure=%00", "/?openings=%00", "/login?next=%00",
    f"/verify/{'A' * 19}%00", "/verify?code=%00", f"/proof/{HUGE}", f"/proof/{HUGE}.json", f"/tile/0/{HUGE}", f"/tile/{HUGE}/000",
    "/tile/0/-1", "/tile/0/000.p/-1", "/tile/0/x%00", "/act/%00", "/guide/x/y", "/guide/registration?procedure=%00", "/live?lots=x",
]  # fmt: skip


@pytest.mark.parametrize("path", ASKED, ids=[one[:40] for one in ASKED])
def test_a_question_nobody_means_is_answered(path):
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code < 500

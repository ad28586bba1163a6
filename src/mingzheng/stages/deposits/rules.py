"""Rules of deposits."""

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from mingzheng.kernel import clock
from mingzheng.kernel.refusal import refusal

CENT = Decimal("0.01")
LAW57 = "招标投标法实施条例 57"

NOT_ENROLLED = refusal(
    "deposits.not-enrolled",
    what="贵单位还没有参加本标段。",
    todo="请先在公告页获取招标文件。",
    status=404,
    evidence=False,
)
NO_DEPOSIT_ASKED = refusal(
    "deposits.none-asked",
    what="本标段不收投标保证金。",
    todo="无需办理。",
    source="招标投标法实施条例 26",
    evidence=False,
)
WAY_NOT_ALLOWED = refusal(
    "deposits.way-not-allowed",
    what="招标文件不接受这种方式。",
    todo="请按招标文件写明的方式办理。",
    source="招标投标法实施条例 26",
)
GUARANTEE_UNKNOWN = refusal(
    "deposits.guarantee-unknown",
    what="出函机构没有确认这份保函。",
    todo="请核对保函编号和出函机构，或联系出函机构。",
    source="招标投标法实施条例 26",
)
GUARANTEE_SHORT = refusal(
    "deposits.guarantee-short",
    what="保函金额或有效期不够：须不少于 {amount} 元，有效期至 {until}。",
    todo="请换开保函后再提交。",
    source="招标投标法实施条例 26",
)
GUARANTEE_USED = refusal(
    "deposits.guarantee-used",
    what="贵单位已用这份保函担保另一个标段。",
    todo="一份保函只担保一个标段，请另开一份。",
    source="招标投标法实施条例 26",
)
NOT_CONFIRMABLE = refusal(
    "deposits.nothing-to-confirm", what="没有等待确认的退还。", todo="请刷新页面。", evidence=False
)
BANK_SILENT = refusal(
    "deposits.bank-silent",
    what="银行暂时没有应答，没有办理成功。",
    todo="请稍后再试；已填内容都保留着。",
    status=503,
    evidence=False,
)


def own_guarantee(applicant: str, bidder: str, beneficiary: str, owner: str) -> None:
    """A guarantee counts for who had it written and for whom, as far as the issuer names them.

    Another's is answered like one nobody wrote: else whoever guesses numbers learns before the deadline who takes part.
    """
    if (applicant and applicant != bidder) or (beneficiary and beneficiary != owner):
        raise GUARANTEE_UNKNOWN()


def good_guarantee(
    state: str, amount: Decimal, until: datetime | None, wanted: Decimal, needed_until: datetime
) -> None:
    """A guarantee must be confirmed, of the full amount and valid as long as the bid (BZ-03)."""
    if state != "valid":
        raise GUARANTEE_UNKNOWN()
    if amount < wanted or until is None or until < needed_until:
        raise GUARANTEE_SHORT(amount=wanted, until=needed_until)


def interest(principal: Decimal, annual_rate: Decimal, paid_at: datetime, back_at: datetime) -> Decimal:
    """Simple bank interest by whole days of a 360-day year, rounded half up to the cent."""
    return cents(exact_interest(principal, annual_rate, paid_at, back_at))


def exact_interest(principal: Decimal, annual_rate: Decimal, paid_at: datetime, back_at: datetime) -> Decimal:
    """The same before rounding, in yuan: what several payments are added up from."""
    days = max((back_at.astimezone(clock.UTC8).date() - paid_at.astimezone(clock.UTC8).date()).days, 0)
    return principal * annual_rate * days / 360


def cents(amount: Decimal) -> Decimal:
    """Half up to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def split(exact: Sequence[Decimal]) -> list[Decimal]:
    """Shares in whole cents of the rounded sum of `exact`; together they are that sum to the cent.

    Each share is its exact amount cut or raised to a neighbouring cent: cents left over go to the largest remainders,
    of equal ones to the earlier.
    """
    shares = [one.quantize(CENT, ROUND_FLOOR) for one in exact]
    left = int((cents(sum(exact, Decimal(0))) - sum(shares, Decimal(0))) / CENT)
    by_remainder = sorted(range(len(exact)), key=lambda n: (shares[n] - exact[n], n))
    for n in by_remainder[:left]:
        shares[n] += CENT
    return shares

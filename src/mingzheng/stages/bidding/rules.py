"""Rules of submission and closing."""

from datetime import datetime

from mingzheng.kernel.refusal import refusal

TOO_LATE = refusal(
    "bidding.too-late",
    what="投标截止时间 {deadline} 已过，这份投标文件没有接受。",
    todo="拒收已经留痕；可联系招标人，但不能补交。",
    source="招标投标法 28；招标投标法实施条例 36",
)
WITHDRAWAL_TOO_LATE = refusal(
    "bidding.withdrawal-too-late",
    what="投标截止时间 {deadline} 已过，投标文件不能再撤回。",
    todo="截止后投标文件对双方有约束力；截止后撤销的，招标人可以不退还投标保证金。",
    source="招标投标法 29；招标投标法实施条例 35",
)
NOT_ENROLLED = refusal(
    "bidding.not-enrolled", what="贵单位还没有参加本标段。", todo="请先在公告页获取招标文件。", source="招标投标法 28"
)
NO_UPLOAD = refusal(
    "bidding.no-such-upload",
    what="没有找到上传的文件，或者还没有传完。",
    todo="请继续上传；已传的部分都保留着。",
    status=422,
)
NO_BID = refusal("bidding.no-bid", what="贵单位没有可以撤回的投标文件。", todo="请刷新页面查看最新状态。")
NOT_YET_CLOSED = refusal(
    "bidding.not-yet-closed",
    what="投标截止前，任何人都看不到投标人。",
    todo="请在 {deadline} 之后再来。",
    source="招标投标法 22；招标投标法实施条例 28",
    status=403,
)
ENOUGH_BIDDERS_RULE = "ZB-24"


def may_submit(at: datetime, deadline: datetime) -> None:
    """The moment the bid is whole and checked counts; at the deadline itself it is too late (DZ-03, ZB-21)."""
    if at >= deadline:
        raise TOO_LATE(deadline=deadline)


def may_withdraw(at: datetime, deadline: datetime) -> None:
    """A bid is the bidder's own until the deadline; from then on it binds (招标投标法 29, 实施条例 35)."""
    if at >= deadline:
        raise WITHDRAWAL_TOO_LATE(deadline=deadline)

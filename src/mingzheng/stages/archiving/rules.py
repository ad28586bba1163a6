"""When a file may be closed."""

from mingzheng.kernel.refusal import refusal

NOT_ENDED = refusal(
    "archiving.not-ended", what="本标段还没有结束，不能归档。", todo="请在签订合同、流标或终止之后归档。", source="GF-6.6"
)
REFUNDS_OPEN = refusal(
    "archiving.refunds-open", what="还有 {count} 笔保证金没有退还，归档须写明理由。", todo="请等退还完成，或写明理由后归档。", source="招标投标法实施条例 57"
)
ALREADY_CLOSED = refusal("archiving.already-closed", what="本标段的档案已经关闭。", todo="请下载归档包。", evidence=False)


def may_close(phase: str, standing: str, refunds_open: int, reason: str) -> str:
    """The outcome a closed file states; refused while the lot still runs."""
    if standing in ("failed", "terminated"):
        outcome = standing
    elif phase in ("contracted", "awarded") and standing == "running" and (phase == "contracted" or reason):
        outcome = "awarded"
    elif phase == "archived":
        raise ALREADY_CLOSED()
    else:
        raise NOT_ENDED()
    if refunds_open and not reason:
        raise REFUNDS_OPEN(count=refunds_open)
    return outcome

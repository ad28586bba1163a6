"""Rules of the hall."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from mingzheng.kernel.refusal import Need, refusal

PHASES = ("waiting", "list", "decryption", "parameters", "reading", "objections", "ended")
LAW30 = "电子招标投标办法 30"
LAW31 = "电子招标投标办法 31"

NOT_A_BIDDER = refusal(
    "opening.not-a-bidder",
    what="贵单位不是本标段的投标人。",
    todo="请核对标段；公众可以旁听开标。",
    source="电子招标投标办法 29",
    status=403,
)
TOO_EARLY_TO_SIGN_IN = refusal(
    "opening.sign-in-not-open",
    what="签到还没有开始。",
    todo="{opens} 起可以签到。",
    source="电子招标投标办法 29",
    evidence=False,
)
WRONG_STEP = refusal(
    "opening.wrong-step",
    what="开标现在在“{phase}”环节，还不能做这一步。",
    todo="请等主持人进入相应环节。",
    source="GF-6.5.2",
)
DECRYPTION_ENDED = refusal(
    "opening.decryption-ended",
    what="解密时限 {ended} 已过，没有解密成功。",
    todo="请立即告知主持人原因；由主持人依据证据判定。",
    source=LAW31,
)
NOT_YOUR_BID = refusal(
    "opening.not-your-bid",
    what="这不是贵单位的投标文件。",
    todo="请用封装时的同一张证书解密本单位的投标文件。",
    source=LAW31,
    status=403,
)
WRONG_KEY = refusal(
    "opening.wrong-key",
    what="这把钥匙打不开这份投标文件。",
    todo="请换用封装时使用的证书再试，时限内不限次数。",
    source=LAW31,
)
ALREADY_DECRYPTED = refusal(
    "opening.already-decrypted", what="这份投标文件已经解密。", todo="无需再次解密。", evidence=False
)
NOT_ALL_SETTLED = refusal(
    "opening.not-all-settled",
    what="还有投标文件没有解密也没有判定，不能唱标。",
    todo="请等解密完成，或在时限后逐一判定。",
    source=LAW30,
)
PARAMETERS_FIRST = refusal(
    "opening.parameters-first",
    what="招标文件约定的评标参数还没有抽取。",
    todo="请先抽取参数，再唱标。",
    source="LN-7.2.3-5",
)
ALREADY_DRAWN = refusal(
    "opening.already-drawn",
    what="参数已经抽取，不能重抽。",
    todo="抽取结果和种子已公布，可自行复算。",
    source="LN-7.2.3-5",
)
NOT_READ_OUT = refusal("opening.not-read-out", what="唱标之后才能办理。", todo="请等主持人唱标。", source=LAW30)
OPEN_OBJECTIONS = refusal(
    "opening.objections-open",
    what="还有 {count} 件当场异议没有答复，开标不能结束。",
    todo="请主持人先当场答复。",
    source="招标投标法实施条例 44",
)
CONFIRMATIONS_PENDING = refusal(
    "opening.confirmations-pending",
    what="还有投标人没有确认开标记录。",
    todo="请等确认，或等到 {ends}，逾期视为无异议。",
    source="电子招标投标办法 32",
)
NO_RULING_YET = refusal(
    "opening.no-ruling-yet", what="解密时限 {ends} 之前不能判定。", todo="请等时限届满。", source=LAW31
)
CAUSE_NEEDED = refusal(
    "opening.cause-needed",
    what="判定须写明原因归属和理由。",
    todo="请选择投标人原因或其他原因，并写明依据。",
    source=LAW31,
    status=422,
)
WORDS_NEEDED = refusal(
    "opening.words-needed", what="没有写要说的话。", todo="请输入文字后再发送。", status=422, evidence=False
)
NO_OBJECTION = refusal("opening.no-such-objection", what="没有这件待答复的异议。", todo="请刷新页面。", evidence=False)
ENDED = refusal(
    "opening.ended",
    what="开标已经结束，这里不再受理。",
    todo="对开标以外的事项，请走异议渠道。",
    source="招标投标法实施条例 44",
)

FILE_WAITING = refusal(
    "opening.file-not-checked",
    what="这份文件还没有检查完，暂不放行。",
    todo="平台会自动重试；检查通过后即可打开。长时间没有结果请联系交易中心。",
    source="GB/T 22239 8.1.4.5",
    status=409,
    evidence=False,
)
FILE_HELD = refusal(
    "opening.file-held",
    what="这份文件中发现病毒（{found}），不予放行。",
    todo="请告知交易中心和主持人；文件原样保存，评标委员会依招标文件处理。",
    source="GB/T 22239 8.1.4.5",
    status=409,
    evidence=False,
)
CHECKED_IN = ("opening", "opened", "evaluation", "evaluated")
SEEN_AGAIN = timedelta(seconds=60)  # a scanner that did not answer is asked again after so long


def must_be(phase: str, *wanted: str) -> None:
    """Refuse a step out of order."""
    if phase not in wanted:
        raise WRONG_STEP(phase=phase)


def may_release(at: datetime, ends: datetime | None, phase: str, state: str) -> None:
    """Decryption is open until the last second of its time, unless already settled."""
    if state == "decrypted":
        raise ALREADY_DECRYPTED()
    if phase != "decryption" or state not in ("waiting", "contradicts"):
        raise WRONG_STEP(phase=phase) if phase in ("waiting", "list") else DECRYPTION_ENDED(ended=ends)
    if ends is not None and at > ends:
        raise DECRYPTION_ENDED(ended=ends)


def may_read(states: Sequence[str], wanted: int, drawn: int) -> None:
    """One reading act for the whole lot: every bid decrypted or ruled on, all parameters drawn (DZ-07)."""
    waiting = sum(state in ("waiting", "contradicts") for state in states)
    needs = (
        Need("全部投标文件已解密或已判定", waiting == 0, "投标人、主持人"),
        Need("评标参数已抽取", drawn >= wanted, "主持人"),
    )
    if waiting:
        raise NOT_ALL_SETTLED(needs, waiting=waiting)
    if drawn < wanted:
        raise PARAMETERS_FIRST(needs)


def may_end(open_objections: int, unconfirmed: int, at: datetime, ends: datetime | None) -> None:
    """The end waits for answers and for confirmations or the end of their time."""
    if open_objections:
        raise OPEN_OBJECTIONS(count=open_objections)
    if unconfirmed and (ends is None or at < ends):
        raise CONFIRMATIONS_PENDING(ends=ends)


def outcome_of(findings: Collection[tuple[str, str]]) -> str:
    """What findings (code, severity) come to: a virus holds the file, a scanner that cannot be asked lets it wait.

    What the platform itself finds (a script in a PDF, a wrong type) is told and the file only handed out for keeping:
    the law lets nobody but the committee set a bid aside.
    """
    codes = {code for code, _ in findings}
    if "scanner.virus" in codes:
        return "held"
    if "scanner.unavailable" in codes:
        return "waiting"
    return "warned" if any(severity != "note" for _, severity in findings) else "clear"

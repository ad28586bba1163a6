"""The next act of the newcomer's journey: what, by whom of the cast, where. Read from the live tender as it stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from mingzheng.kernel import clock
from mingzheng.site.demo.cast import cast, member
from mingzheng.site.demo.parties import organisation_id
from mingzheng.site.demo.progress import Progress
from mingzheng.stages.award import queries as award
from mingzheng.stages.deposits import queries as deposits
from mingzheng.stages.evaluation import queries as evaluation
from mingzheng.stages.opening import queries as opening
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering

BIDDER, HOST, OWNER = "jia", "agency", "water"
CHAPTERS = 5
PROOF = "/demo/proof"
CLOSED, SEEN = "mz_guide", "mz_proof"  # cookies: the strip is closed; a proof has been seen to fail


@dataclass(frozen=True, slots=True)
class Step:
    """`chapter` of CHAPTERS; `login` is who does it ('' for anybody), `href` where; `until` runs down beside the text."""

    chapter: int
    text: str
    login: str = ""
    href: str = ""
    verb: str = ""
    until: datetime | None = None

    @property
    def name(self) -> str:
        return member(self.login).name if self.login else ""


def step(progress: Progress, *, proof_seen: bool) -> Step | None:
    """What comes next; None where the demo has no journey of its own (a centre made by others)."""
    if progress.state == "loading":
        return Step(
            0,
            _("中心过去一年的交易正在逐笔办理、签名、入账，办完就有一场开标。先随便看看："),
            "",
            "/results",
            _("看已有的结果"),
        )
    if not progress.live:
        return None
    lot = UUID(progress.live)
    facts = procedures.lot(lot)
    if facts.standing != "running":
        return Step(5, _("让核验失败一次：改掉档案里的一个字节，看它指出哪里不对。"), "", PROOF, _("试一试"))
    if facts.phase in ("announced", "closed"):
        return _before(lot, facts.procedure_name)
    if facts.phase == "opening":
        return _hall(lot)
    if not proof_seen:
        return Step(5, _("开标已结束。现在改掉档案里的一个字节，看核验怎样指出来。"), "", PROOF, _("让核验失败一次"))
    return _later(lot, facts.phase)


def _before(lot: UUID, name: str) -> Step:
    due, href = procedures.clock(lot, "bid_deadline"), f"/lots/{lot}/hall"
    at = due.due if due and due.due > clock.now() else None
    mine = tendering.dealing(lot, organisation_id(member(BIDDER).house.key))
    if mine is not None and opening.signed_in(mine.id):
        return Step(1, _("已签到。时间一到，系统自动截止收标、打开大厅。"), BIDDER, href, _("在大厅等候"), at)
    return Step(
        1, _("%(name)s就要开标。以投标人的身份进大厅签到，其他投标人会自己到场。") % {"name": name}, BIDDER, href, _("进大厅签到"), at
    )  # fmt: skip


def _hall(lot: UUID) -> Step:
    href = f"/lots/{lot}/hall"
    hall = opening.opening(lot)
    assert hall is not None
    rows = opening.board(lot)
    own = next((row for row in rows if row.bidder == organisation_id(member(BIDDER).house.key)), None)
    if hall.phase == "list":
        return Step(
            1,
            _("名单已公布，价格还封着。由主持人开始解密；不动手，过半分钟主持人会自己开始。"),
            HOST,
            href,
            _("主持开标"),
        )
    if hall.phase == "decryption":
        if own is not None and own.state == "waiting":
            return Step(2, _("用投标人自己的密钥解密本单位的投标文件：密钥只在浏览器里用。"), BIDDER, href, _("解密"))
        if any(row.state in ("waiting", "contradicts") for row in rows):
            return Step(
                2, _("其他投标人正在解密。唱标之前谁也看不到价格，主持人也一样。"), HOST, href, _("到主持台看看")
            )
        if opening.parameters_to_draw(lot) and not hall.drawn:
            return Step(3, _("全部解密。由主持人当众抽取评标参数，任何人都能复算。"), HOST, href, _("抽取参数"))
        return Step(3, _("由主持人唱标：全部报价一次公布。"), HOST, href, _("唱标"))
    if own is not None and own.state == "read" and own.confirmed_at is None:
        return Step(4, _("报价已公布。投标人确认开标记录，确认的是记录的摘要。"), BIDDER, href, _("确认记录"))
    return Step(4, _("由主持人结束开标并签署记录。"), HOST, href, _("结束开标"))


def _later(lot: UUID, phase: str) -> Step:
    """From evaluation to the archive."""
    if phase in ("opened", "evaluation"):
        return _evaluation(lot)
    href, result = f"/lots/{lot}/award", award.award(lot)
    if phase == "evaluated":
        return Step(5, _("评标报告已签署。由代理机构公示中标候选人。"), HOST, href, _("公示候选人"))
    ends = procedures.clock(lot, "publicity_ends")
    if phase == "publicity" and ends is not None and clock.now() < ends.due:
        return Step(5, _("公示期内任何投标人都能提出异议。用上面的按钮跳到公示期满。"), "", href, _("看公示"), ends.due)
    if phase == "publicity" and result is not None and result.confirmed_at is None:
        return Step(5, _("公示期满。由中心工作人员确认。"), "staff", href, _("确认公示期满"))
    if phase == "publicity":
        return Step(5, _("由代理机构按公示的次序定标。"), HOST, href, _("定标"))
    return _contract(lot, phase, result)


def _evaluation(lot: UUID) -> Step:
    href, state = f"/lots/{lot}/evaluation", evaluation.evaluation(lot)
    if state is None:
        return Step(5, _("接着评标：由代理机构从专家库当众抽取评标委员会。"), HOST, href, _("组建委员会"))
    if state.started_at is None:
        if state.chair is None:
            return Step(5, _("专家们正在签到、声明回避、推选组长，各用自己的密钥。"), HOST, href, _("看进度"))
        return Step(5, _("委员会齐了。由代理机构启动评标。"), HOST, href, _("启动评标"))
    return Step(5, _("专家正在评审。各自的评分封存着，全部提交后才一起公开。"), "expert1", href, _("看评标"))


def _contract(lot: UUID, phase: str, result: award.AwardFacts | None) -> Step:
    href = f"/lots/{lot}/award"
    if phase == "awarded" and result is not None:
        if result.notices_at is None:
            return Step(5, _("已经定标。中标通知和结果通知同一刻发出。"), HOST, href, _("发出通知书"))
        if result.contract is None:
            return Step(5, _("由招标人先签署合同。"), OWNER, href, _("签署合同"))
        winner = next((one.login for one in cast() if organisation_id(one.house.key) == result.winner), "")
        return Step(5, _("由中标人签署合同。"), winner, href, _("签署合同"))
    if phase == "contracted":
        if any(one.refund_state == "waiting" for one in deposits.of_lot(lot)):
            return Step(5, _("由招标人确认退还中标人的保证金。"), OWNER, f"/lots/{lot}/refunds", _("确认退还"))
        return Step(5, _("由档案管理员关闭档案，系统随即打包。"), "archivist", f"/lots/{lot}/file", _("归档"))
    return Step(5, _("走完了全程。改掉这份档案的一个字节，看核验怎样指出来。"), "", PROOF, _("核验档案"))

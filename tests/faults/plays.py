"""The journey with everything that may happen beside it, so that every command comes up at least once."""

from datetime import date, timedelta
from typing import Any

import pyotp
from tests import journey
from tests.journey import World

from mingzheng.adapters.bank.port import RefundRefused
from mingzheng.adapters.media.port import MediumRefused, MediumUnavailable
from mingzheng.kernel import ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.site.demo.cast import cast as everybody
from mingzheng.stages.notifying import queries as notifying
from mingzheng.stages.parties import commands as parties
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import queries as tendering


class Moody:
    """A medium that does not answer, and later refuses."""

    mood: Exception = MediumUnavailable()

    def publish(self, **_: Any) -> None:
        raise self.mood


class Away:
    """A signing device that nobody can reach."""

    active = True

    def seal(self, *_: Any) -> None:
        raise ConnectionError("away")


def before_the_notice(world: World) -> None:
    """Plans, questions to the centre, a registration sent back once, templates and drafts."""
    cast, at = world.cast, world.clock()
    for one in everybody():
        cast.by_login(one.login)
    cast.owner.do(
        "procedures.publish_tender_plan", name="明年管网改造", location="云州市", content="管网", estimate="12000000.00",
        expected_notice=at + timedelta(days=60),
    )  # fmt: skip
    asked = [cast.bidder.do("consulting.ask", category="other", text=text * 6).event.question for text in "甲乙"]
    cast.staff.do("consulting.forward", question=asked[0], to=cast.witness.person)
    cast.staff.do("consulting.refer", question=asked[1], explanation="中心不受理。", referral="公安机关，110")
    cast.witness.do("consulting.answer", question=asked[0], text="可以。", citations=["招标投标法"])
    cast.bidder.do("consulting.read_answer", question=asked[0])
    sent = cast.owner.do(
        "procedures.submit_registration", content=journey.REGISTRATION, agency=cast.agency.organisation,
        lots=[{"name": "配套", "estimate": journey.ESTIMATE, "content": "配套"}],
    ).event  # fmt: skip
    cast.staff.do("procedures.return_registration", procedure=sent.procedure, items=["项目名称"])
    cast.owner.do("procedures.supplement_registration", procedure=sent.procedure, supplied={"项目名称": "已补"})
    journey.register(world)
    cast.staff.do("tendering.note_guidance", lot=world.lot, text="建议核对资质等级")
    cast.agency.do("tendering.request_template", lot=world.lot, template="works_lowest")
    cast.agency.do("tendering.save_draft", lot=world.lot, document={"scope": "新建二沉池", "period_days": 400})


def while_announced(world: World) -> None:
    """Questions, objections, complaints, a pause, another deadline, a bid taken back."""
    cast, lot = world.cast, world.lot
    bidder, agency, supervisor, staff = cast.bidder, cast.agency, cast.supervisor, cast.staff
    journey.enrol(world, bidder)
    bidder.do("tendering.change_contact", lot=lot, contact="林间", phone="0990-2")
    question = bidder.do("tendering.ask_question", lot=lot, text="图纸缺页？").event.question
    agency.do("tendering.answer_question", lot=lot, question=question, answer="已补发。")
    bidder.do("tendering.object_to_documents", lot=lot, text="资格条件过高")
    objection = tendering.cases("objection", lot=lot)[0].id
    agency.do("tendering.answer_document_objection", lot=lot, case=objection, answer="已在澄清中补充。")
    agency.do("tendering.publish_clarification", lot=lot, changes=["图纸 S-14 更新。"])
    report = staff.do("tendering.report_unready", lot=lot, cause="数据中心停电").event.report
    agency.do(
        "tendering.postpone_deadline", lot=lot, new_deadline=world.deadline + timedelta(days=2), reason="停电",
        report=report,
    )  # fmt: skip
    case = bidder.do("tendering.file_complaint", lot=lot, subject="notice", text="公告期限不足").event.case
    supervisor.do("tendering.take_complaint", case=case, accepted=True)
    task = supervisor.do("tendering.ask_assistance", case=case, text="请提供公告记录").event.assistance
    staff.do("tendering.give_assistance", case=case, text="记录一份", attachment="", task=task)
    supervisor.do("procedures.suspend_lot", lot=lot, reason="投诉处理", basis="实施条例 62")
    world.settle("tendering.jobs.send_media")
    agency.do("tendering.publish_suspension", lot=lot)
    supervisor.do("tendering.decide_complaint", case=case, decision="投诉不成立，驳回。")
    supervisor.do("procedures.resume_lot", lot=lot, decision="投诉不成立，恢复")
    world.settle()


def until_closed(world: World) -> None:
    """Five bids, of which one is taken back and one never decrypted."""
    bidders = world.cast.bidders
    journey.three_bids(world, *bidders[:4])
    journey.enrol(world, bidders[4])
    journey.pay(world, bidders[4])
    offer = journey.bids.make(world.lot, bidders[4])
    journey.bids.submit(world.lot, offer)
    bidders[4].do("bidding.withdraw_bid", lot=world.lot, reason="内部决定")
    journey.close(world)


def opening_with_trouble(world: World) -> None:
    """Words in the hall, an objection, a longer decryption, a bid that stays closed."""
    cast, lot = world.cast, world.lot
    cast.agency.do("opening.say", lot=lot, text="请各投标人解密")
    cast.by_login("jia").do("opening.tell_host", lot=lot, text="请稍等两分钟")
    cast.agency.do("opening.tell_bidder", lot=lot, bid=world.offers["jia"].bid, text="收到")
    journey.decrypt(world, "jia", "yi", "bing")
    cast.agency.do("opening.extend_decryption", lot=lot, minutes=10, reason="网络故障")
    world.at(world.due("decryption_ends"), seconds=1)
    world.settle()
    cast.agency.do("opening.rule_on_bid", lot=lot, bid=world.offers["ding"].bid, cause="bidder", reason="逾期未解密")
    del world.offers["ding"]
    journey.read(world)
    said = cast.bidder.do("opening.raise_objection", lot=lot, text="对乙单位工期有异议").event
    cast.agency.do("opening.answer_objection", lot=lot, objection=said.objection, text="以开标记录为准")
    journey.end_opening(world)


def evaluation_begun_twice(world: World) -> None:
    """A member is replaced by another, and scores that were sealed are rolled back with a reason."""
    journey.committee(world)
    world.cast.agency.do("evaluation.replace_member", lot=world.lot, seat=3, cause="recusal", reason="回避")
    later = journey.members(world)[2]
    later.do("evaluation.sign_in_member", lot=world.lot)
    later.do("evaluation.declare", lot=world.lot)
    for player in journey.members(world):
        journey.score(world, player)
    journey.members(world)[0].do("evaluation.roll_back", lot=world.lot, reason="发现遗漏")
    for player in journey.members(world):
        journey.score(world, player)
    for player in journey.members(world):
        journey.sign(world, player)


def award_with_objection(world: World) -> None:
    """Somebody objects to the result and is answered."""
    journey.publish(world)
    raised = next(
        one
        for one in world.cast.bidder.do("award.object_to_result", lot=world.lot, text="有异议").events
        if hasattr(one, "answer_due")
    )
    world.cast.owner.do("award.answer_objection", lot=world.lot, objection=raised.objection, answer="业绩属实")
    journey.award(world)


def file(world: World) -> None:
    """The file with a paper original, closed, and looked into."""
    cast = world.cast
    cast.archivist.do(
        "archiving.register_item", lot=world.lot, category="contract", title="合同原件", medium="paper", extent="12 页",
        digest=f"sha256:{'ab' * 32}", shelf="B2-07-3",
    )  # fmt: skip
    cast.archivist.do("archiving.set_retention", kind="works_tender", years=20)
    world.settle()
    journey.archive(world)
    world.settle()
    cast.archivist.do("archiving.shelve_volume", procedure=world.procedure, room="库房 B2")
    look = cast.owner.do("archiving.file_inquiry", lot=world.lot, items=[1], purpose="审计").event
    until = world.clock() + timedelta(days=1)
    cast.archivist.do("archiving.decide_inquiry", inquiry=look.inquiry, approve=True, valid_until=until)
    cast.owner.do("archiving.open_item", inquiry=look.inquiry, number=1)


def people(world: World) -> None:
    """Accounts, roles, authorisations, logins, a message read."""
    cast = world.cast
    admin, bidder = cast.security_admin, cast.bidder
    added = admin.do(
        "parties.add_person", organisation=cast.staff.organisation, name="新同事", login="newcomer", roles=["centre_staff"]
    ).events[0].person  # fmt: skip
    admin.do("parties.grant_role", person=added, organisation=cast.staff.organisation, role="archivist")
    admin.do(
        "parties.withdraw_role", person=added, organisation=cast.staff.organisation, role="archivist", reason="调岗"
    )
    bidder.do("parties.set_password", password="a-Long-enough-2026")
    secret = pyotp.random_base32()
    parties.begin_totp(actor=SYSTEM, person=bidder.person, secret=secret)
    login = parties.log_in(
        actor=SYSTEM, person=bidder.person, organisation=bidder.organisation, way="password", address="192.0.2.1"
    ).event.login
    parties.confirm_totp(actor=SYSTEM, person=bidder.person)
    parties.choose_organisation(actor=SYSTEM, login=login, organisation=bidder.organisation)
    parties.log_out(actor=SYSTEM, login=login, why="by_hand")
    parties.refuse_login(actor=SYSTEM, way="password", code="parties.login-failed", address="192.0.2.1", person=added)
    parties.note_sensitive_view(actor=SYSTEM, person=cast.staff.person, what="experts", subjects=[added])
    parties.raise_warning(actor=SYSTEM, kind="conflicting_roles", person=added, facts={})
    given = cast.owner.do(
        "parties.authorise_agency",
        agency=cast.by_login("mao").organisation,
        valid_until=world.clock() + timedelta(days=9),
    ).event.authorisation
    cast.owner.do("parties.revoke_authorisation", authorisation=given, reason="不再委托")
    cast.system_admin.do(
        "parties.record_assessment", number="DJ-1", level=3, body="测评机构", issued=date(2026, 1, 5),
        valid_until=date(2027, 1, 5),
    )  # fmt: skip
    message = notifying.inbox(bidder.person)[0].id
    bidder.do("notifying.mark_read", message=message)
    cast.staff.do("notifying.log_call", message=message, reached=True, words="已告知")
    admin.do("parties.revoke_certificate", fingerprint=cast.stranger.fingerprint, reason="密钥遗失")


def ended_early(world: World) -> None:
    """Another lot is terminated after a deposit came in; the media were away at first, then refused its notice."""
    medium = Moody()
    ports.use("media", dict.fromkeys(ports.get("media"), medium))
    journey.register(world)
    journey.announce(world)
    seals = ports.get("paper_seals")
    ports.use("paper_seals", Away())
    world.settle("issuing.jobs.seal_papers")
    ports.use("paper_seals", seals)
    world.clock.forward(hours=1)
    world.settle("issuing.jobs.seal_papers", "tendering.jobs.send_media")
    medium.mood = MediumRefused("栏目不对")
    world.clock.forward(hours=3)
    world.settle("tendering.jobs.send_media")
    notice = procedures.documents(world.lot)[0].id
    world.cast.agency.do("tendering.send_again", lot=world.lot, document=notice)
    journey.enrol(world, world.cast.bidder)
    journey.pay(world, world.cast.bidder)
    world.at(world.deadline, hours=-1)
    world.settle()
    world.cast.agency.do("procedures.terminate_lot", lot=world.lot, reason="规划调整", basis="实施条例 31")
    world.clock.forward(days=3)
    bank = ports.get("bank")
    bank.refund = _closed
    world.settle()
    del bank.refund
    world.clock.forward(days=1)
    world.settle()


def _closed(**_: Any) -> None:
    raise RefundRefused("closed")


def whole(world: World) -> None:
    """All of it, in order."""
    before_the_notice(world)
    journey.announce(world)
    while_announced(world)
    until_closed(world)
    opening_with_trouble(world)
    evaluation_begun_twice(world)
    award_with_objection(world)
    journey.contract(world)
    file(world)
    people(world)
    ended_early(world)

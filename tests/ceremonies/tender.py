"""The tender of the ceremony, scene by scene; every scene is played in the pages, and leaves pictures of what it saw."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from tests.ceremonies.persons import Person, Stage
from tests.design.long_papers import paper

NAME = "云州市第二污水处理厂扩建工程"
BIDS = {
    "jia": ("178206900.00", 530, "甲大勇"),
    "yi": ("175990000.00", 540, "乙小满"),
    "bing": ("176842300.00", 540, "丙长青"),
}
EXPERTS = tuple(f"expert{n}" for n in range(1, 8))


@dataclass
class Ceremony:
    """What the scenes remember: who is there, and which lot is played."""

    stage: Stage
    folder: Path
    lot: str = ""
    procedure: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    committee: list[str] = field(default_factory=list)

    def who(self, login: str) -> Person:
        if login not in self.people:
            self.people[login] = self.stage.person(login)
        return self.people[login]

    @property
    def public(self) -> Person:
        return self.who("")

    @property
    def here(self) -> str:
        return f"/lots/{self.lot}"

    def photograph(self, name: str) -> None:
        """What everybody saw when something went wrong."""
        for login, one in self.people.items():
            with suppress(PlaywrightError):  # what went wrong is told, not that it could not be photographed
                one.page.screenshot(path=str(self.stage.shots / f"failed-{name}-{login or 'public'}.png"))

    def bidders(self) -> list[Person]:
        return [self.who(login) for login in BIDS]


def the_public_looks_in(play: Ceremony) -> None:
    play.public.goto("/")
    play.public.shot("portal", "1920")
    play.public.readable("portal")
    play.public.goto("/guide")
    play.public.shot("guide")


def the_owner_plans_and_registers(play: Ceremony) -> None:
    water = play.who("water")
    water.goto("/desk")
    water.shot("owner-desk-empty")
    water.goto("/procedures")
    water.follow("发布招标计划")
    water.act(
        "procedures.publish_tender_plan",
        {"name": NAME, "location": "云州市澄江区", "content": "日处理 8 万立方米扩建，含土建和安装", "estimate": "186000000",
         "expected_notice": "2026-03-02T10:00"},
    )  # fmt: skip
    water.see("text=已按招标计划填好")
    water.goto("/procedures")
    water.shot("procedures-empty")
    water.follow("项目登记")
    water.fill(
        'form[data-act="procedures.submit_registration"]',
        {"kind": "=工程建设施工招标", "agency": "=子丑工程咨询有限公司", "plan": f"={NAME}"},
    )
    said = water.act(
        "procedures.submit_registration",
        {"content.name": NAME, "content.content": "日处理 8 万立方米扩建，含土建和安装", "content.funds": "财政资金 60%，企业自筹 40%",
         "content.region": "990100", "content.location": "云州市澄江区", "content.supervision_department": "云州市住房和城乡建设局", "content.contact": "周远航",
         "content.phone": "0990-88000011", "lots.0.name": "土建及安装", "lots.0.estimate": "186000000",
         "lots.0.content": "构筑物、管道及设备安装"},
    )  # fmt: skip
    play.procedure = said["events"][0]["body"]["procedure"]


def the_centre_tells_once_and_completes(play: Ceremony) -> None:
    staff, water, page = play.who("staff"), play.who("water"), f"/procedures/{play.procedure}"
    staff.goto("/desk")
    staff.shot("staff-desk")
    staff.goto(page)
    staff.act("procedures.return_registration", {"items": "项目审批文件扫描件"})
    water.goto(page)
    water.shot("told-once")
    water.readable("told-once")
    water.act("procedures.supplement_registration", {"supplied.项目审批文件扫描件": "云发改投资〔2026〕12号"})
    staff.goto(page)
    staff.shot("registration")
    said = staff.act("procedures.complete_registration", {"service_responsible": "=唐宁"})
    play.lot = next(e["body"]["lot"] for e in said["events"] if "section_code" in e["body"])
    staff.goto(f"{play.here}/steer")
    staff.act("procedures.appoint_person", {"person": "=温如玉"}, where=':has([value="witness"])')
    staff.act("procedures.appoint_person", {"person": "=郑正明"}, where=':has([value="supervisor"])')
    staff.shot("parts")


def the_agency_publishes(play: Ceremony) -> None:
    agency = play.who("agency")
    agency.goto("/desk")
    agency.shot("agency-desk")
    agency.goto(f"{play.here}/tender")
    agency.shot("not-published")
    agency.goto(f"{play.here}/tender/edit")
    agency.act("tendering.request_template", {"template": "=施工招标文件（综合评估法）"})
    agency.act(
        "tendering.save_draft",
        {"document.method": "weighted", "document.price_ceiling": "186500000", "document.deposit_amount": "800000"},
    )
    agency.shot("editor", "1920")
    agency.readable("editor")
    agency.act("tendering.publish_notice", {"confirmation": True})
    agency.goto(f"{play.here}/steer")
    agency.act("procedures.appoint_person", {"person": "=林知秋"})
    agency.await_page("#parts")
    agency.shot("steer")


def the_public_reads_the_notice(play: Ceremony) -> None:
    public = play.public
    public.goto("/")
    public.await_page(f'#notices a[href="{play.here}"]')
    public.shot("portal-notice", "1920")
    public.goto(f"{play.here}/tender")
    public.shot("notice")
    public.readable("notice")
    public.goto(play.here)
    public.shot("lot-announced", "1920")
    public.readable("lot-announced")


def bidders_enrol_and_ask(play: Ceremony) -> None:
    for bidder in play.bidders():
        bidder.goto(f"{play.here}/tender")
        bidder.act("tendering.enrol", {"phone": "0990-88001234"})
    jia, agency = play.who("jia"), play.who("agency")
    jia.goto(f"{play.here}/tender")
    jia.shot("enrolled")
    jia.goto(f"{play.here}/questions")
    jia.act("tendering.ask_question", {"text": "招标文件第三章要求的进水泵房基坑支护，是否允许采用钢板桩方案？"})
    agency.goto(f"{play.here}/questions")
    agency.shot("questions")
    agency.act("tendering.publish_clarification", {"answers.0.answer": "允许，但须经专家论证。"})
    jia.goto(f"{play.here}/questions")
    jia.see("text=须经专家论证")
    jia.shot("clarified")


def bidders_secure_their_bids(play: Ceremony) -> None:
    for login in ("jia", "bing"):
        bidder = play.who(login)
        bidder.goto(f"{play.here}/deposit")
        if not bidder.page.locator("form[data-demo-pay]").count():
            bidder.act("deposits.open_account")
        if login == "jia":
            bidder.shot("deposit-account")
        with bidder.page.expect_navigation():
            bidder.page.click("form[data-demo-pay] button")
        bidder.await_page("#deposit .chip[data-tone=ok]")
    play.who("jia").shot("deposit-paid")
    yi = play.who("yi")
    yi.goto(f"{play.here}/deposit")
    with yi.page.expect_navigation():
        yi.page.click("form[data-demo-guarantee] button")
    yi.ready()
    yi.act("deposits.lodge_guarantee")
    yi.await_page("#deposit .chip[data-tone=ok]")
    yi.goto("/deposits")
    yi.shot("deposits")


def _paper(play: Ceremony, login: str, size: int) -> str:
    file = play.folder / f"投标文件-{login}.pdf"
    file.write_bytes(paper(16, {"施工组织设计": 3, "企业类似业绩": 9}, fill=size))
    return str(file)


def seal(play: Ceremony, login: str, size: int = 400_000) -> None:
    """Choose files, fill the opening summary, seal in the worker, upload, submit."""
    bidder, (price, days, manager) = play.who(login), BIDS[login]
    bidder.goto(f"{play.here}/bid")
    page = bidder.page
    page.set_input_files("#composer input[type=file]", _paper(play, login, size))
    bidder.fill("#composer", {
        "summary.price": price, "summary.period_days": days, "summary.quality": "合格",
        "summary.project_manager": manager, "consent": True,
    })  # fmt: skip
    if login == "jia":
        bidder.shot("composer", "1920")
        bidder.readable("composer")
    with page.expect_response(lambda answer: "/act/bidding.submit_bid" in answer.url) as caught:
        page.click("#composer button[type=submit]")
    assert caught.value.ok, caught.value.text()
    bidder.see("#current")
    bidder.ready()


def bidders_seal_and_submit(play: Ceremony) -> None:
    for login in BIDS:
        seal(play, login)
    play.who("jia").shot("submitted")
    bing = play.who("bing")
    bing.goto(f"{play.here}/bid")
    bing.act("bidding.withdraw_bid")
    bing.await_page("#composer")
    bing.shot("withdrawn")
    seal(play, "bing")
    bing.shot("replaced")
    play.who("yi").goto("/receipts")
    play.who("yi").shot("receipts")
    play.who("yi").goto("/desk")
    play.who("yi").shot("bidder-desk", "1920")
    play.who("yi").readable("bidder-desk")
    play.who("yi").goto("/bids")
    play.who("yi").shot("bids")


def nobody_else_learns_who_bids(play: Ceremony) -> None:
    """Before the deadline no page of agency, centre, witness or public names a bidder or counts them."""
    for login in ("agency", "staff", "witness", "supervisor", ""):
        person = play.who(login)
        for path in ("", "/tender", "/questions", "/hall", "/evaluation", "/award"):
            text = person.context.request.get(play.stage.url + play.here + path).text()
            for secret in ("甲建设集团", "乙市政工程", "丙水务建设", *(price for price, _, _ in BIDS.values())):
                assert secret not in text, f"{login or 'the public'} read {secret} on {path or 'the overview'}"


def bidders_sign_in(play: Ceremony) -> None:
    agency = play.who("agency")
    agency.goto(play.here)
    for _ in range(6):
        if "投标截止" in agency.page.inner_text(".demo"):
            break
        agency.jump("跳到下一个时限")
    agency.jump("时限前 30 分钟")
    for bidder in play.bidders():
        bidder.goto(f"{play.here}/hall")
        if bidder.login == "jia":
            bidder.shot("hall-waiting", "1920")
        bidder.act("opening.sign_in")
    play.who("jia").shot("hall-signed-in")


def the_hall_opens(play: Ceremony) -> None:
    agency, public = play.who("agency"), play.public
    agency.goto(f"{play.here}/hall")
    agency.jump("跳到下一个时限")
    agency.await_page('form[data-act="opening.start_decryption"]')
    agency.shot("hall-list", "1920")
    agency.act("opening.say", {"text": "各位投标人上午好，本次开标共收到 3 家投标文件，均在截止时间前送达。"})
    agency.act("opening.start_decryption")
    for login in ("jia", "yi"):
        release(play, login)
    play.who("bing").goto(f"{play.here}/hall")
    play.who("bing").see("form[data-release]")
    play.who("bing").shot("hall-decrypt", "1920")
    play.who("bing").readable("hall-decrypt")
    public.goto(f"{play.here}/hall")
    assert "178,206,900" not in public.page.inner_text("body")
    public.shot("hall-public")
    agency.goto(f"{play.here}/hall")
    agency.shot("hall-host")
    agency.page.click('form[data-act="opening.read_bids"] .why')
    agency.see("dialog[open]")
    agency.shot("hall-why-not")
    agency.page.locator("dialog[open] [data-close]").first.click()
    release(play, "bing")


def release(play: Ceremony, login: str) -> None:
    """Unwrap the content key in the browser and hand it over."""
    bidder = play.who(login)
    bidder.goto(f"{play.here}/hall")
    bidder.await_page("form[data-release]")
    with (
        bidder.page.expect_navigation(),
        bidder.page.expect_response(lambda answer: "/act/opening.release_key" in answer.url) as caught,
    ):
        bidder.page.click("form[data-release] button[type=submit]:visible")
    assert caught.value.ok, caught.value.text()
    bidder.await_page('.tile[data-mine][data-tone="ok"]')


def the_bids_are_read_out(play: Ceremony) -> None:
    agency = play.who("agency")
    agency.goto(f"{play.here}/hall")
    agency.await_page('form[data-act="opening.read_bids"]')
    if agency.page.locator('form[data-act="opening.draw_parameters"] button[type=submit]').count():
        agency.act("opening.draw_parameters")
        agency.await_page('form[data-act="opening.read_bids"] button[type=submit]')
    agency.shot("hall-drawn")
    agency.act("opening.read_bids")
    agency.await_page("#board-text")
    agency.shot("hall-read", "1920")
    agency.readable("hall-read")
    yi = play.who("yi")
    yi.goto(f"{play.here}/hall")
    yi.act("opening.raise_objection", {"text": "请核对我方投标函大写金额与开标一览表是否一致。"})
    agency.goto(f"{play.here}/hall")
    agency.await_page('form[data-act="opening.answer_objection"]')
    agency.act("opening.answer_objection", {"text": "已当场核对，大小写一致。"})
    for bidder in play.bidders():
        bidder.goto(f"{play.here}/hall")
        if bidder.login == "jia":
            bidder.shot("hall-confirm")
        bidder.act("opening.confirm_record")
    agency.goto(f"{play.here}/hall")
    agency.act("opening.end_opening")
    agency.await_page('#act a[href^="/documents/"]')
    agency.shot("hall-ended", "1920")


def the_committee_is_drawn(play: Ceremony) -> None:
    agency = play.who("agency")
    agency.goto(f"{play.here}/evaluation")
    agency.shot("committee-form")
    agency.act("evaluation.form_committee")
    agency.await_page("#seats")
    agency.shot("committee-formed")
    for login in EXPERTS:
        expert = play.who(login)
        expert.goto("/evaluations")
        if expert.page.locator(f'a[href="{play.here}/evaluation"]').count():
            play.committee.append(login)
    assert len(play.committee) == 5


def the_members_declare_and_elect(play: Ceremony) -> None:
    for login in play.committee:
        expert = play.who(login)
        expert.goto("/desk")
        if login == play.committee[0]:
            expert.shot("expert-desk")
        expert.goto(f"{play.here}/evaluation")
        expert.act("evaluation.sign_in_member")
        expert.await_page('form[data-act="evaluation.declare"]')
        if login == play.committee[0]:
            expert.shot("seat-declare")
        expert.act("evaluation.declare", where=":not(:has([name=recuse]))")
    for login in play.committee:
        expert = play.who(login)
        expert.goto(f"{play.here}/evaluation")
        expert.page.check('form[data-act="evaluation.vote_chair"] [value="1"]')
        expert.act("evaluation.vote_chair")
    agency = play.who("agency")
    agency.goto(f"{play.here}/evaluation")
    agency.act("evaluation.start_evaluation")


def the_members_score_and_sign(play: Ceremony) -> None:
    for n, login in enumerate(play.committee):
        expert = play.who(login)
        expert.goto(f"{play.here}/evaluation")
        expert.see('form[data-act="evaluation.commit_scores"]')
        page = expert.page
        if n == 0:
            expert.await_page('a[data-read="page"]')  # the worker has looked at the files
            page.locator('[data-current] a[data-read="page"]').first.click()
            page.locator(".leaf--pdf canvas").first.wait_for()
        for k, one in enumerate(page.locator("[data-full]").all()):
            full = float(one.get_attribute("data-full"))
            one.fill(f"{full * (0.80 + 0.03 * ((k + n) % 4)) if full > 4 else full * 0.75:.1f}")
        if n == 0:
            expert.shot("seat-scoring", "1920")
            expert.readable("seat-scoring")
        expert.act("evaluation.commit_scores")
    for n, login in enumerate(play.committee):
        expert = play.who(login)
        expert.goto(f"{play.here}/evaluation")
        if n == 0:
            expert.shot("seat-sign", "1920")
            report = expert.context.request.get(f"{play.stage.url}{play.here}/evaluation/report.pdf")
            assert report.body().startswith(b"%PDF")
        expert.act("evaluation.sign_report")
    agency = play.who("agency")
    agency.goto(f"{play.here}/evaluation")
    agency.shot("evaluation-report")


def candidates_are_published_and_objected_to(play: Ceremony) -> None:
    agency, jia, public = play.who("agency"), play.who("jia"), play.public
    agency.goto(f"{play.here}/award")
    agency.shot("award-publish")
    agency.act("award.publish_candidates")
    public.goto(play.here)
    public.await_page("#candidates")
    public.shot("lot-publicity", "1920")
    jia.goto(f"{play.here}/award")
    jia.act("award.object_to_result", {"text": "请复核第一候选人项目负责人的在建项目情况。"})
    agency.goto(f"{play.here}/award")
    agency.await_page('form[data-act="award.answer_objection"]')
    agency.shot("award-objection")
    agency.act("award.answer_objection", {"answer": "经核实，该项目负责人无在建项目，异议不成立。"})
    jia.goto(f"{play.here}/award")
    jia.see("text=无在建项目")
    jia.shot("objection-answered")


def the_award_is_decided(play: Ceremony) -> str:
    agency = play.who("agency")
    agency.goto(f"{play.here}/award")
    agency.jump("跳到下一个时限")
    agency.await_page('form[data-act="award.decide_award"] button[type=submit]')
    agency.shot("award-decide")
    agency.readable("award-decide")
    agency.act("award.decide_award")
    agency.goto(f"{play.here}/award")
    agency.act("award.issue_notices")
    agency.goto(f"{play.here}/award")
    agency.act("award.offer_contract")
    agency.shot("award-offered")
    for login in BIDS:
        bidder = play.who(login)
        bidder.goto(f"{play.here}/award")
        if bidder.page.locator('form[data-act="award.sign_contract"]').count():
            bidder.shot("award-winner")
            bidder.act("award.sign_contract")
            return login
    raise AssertionError("no bidder could sign the contract")


def deposits_go_back(play: Ceremony) -> None:
    agency = play.who("agency")
    agency.goto(f"{play.here}/refunds")
    agency.shot("refunds")
    waiting = agency.page.locator('form[data-act="deposits.confirm_refund"]')
    while waiting.count():
        agency.act("deposits.confirm_refund")
        agency.goto(f"{play.here}/refunds")
    jia = play.who("jia")
    jia.goto("/deposits")
    jia.await_page(".st .chip[data-tone=ok]")
    jia.shot("deposits-refunded")


def the_file_is_closed(play: Ceremony) -> Path:
    archivist = play.who("archivist")
    archivist.goto("/desk")
    archivist.shot("archivist-desk")
    archivist.goto(f"{play.here}/file")
    archivist.act("archiving.close_file", {"reason": "保函无须退款；其余保证金已退还或在途。"})
    archivist.await_page('a[href$="/archive.zip"]')
    archivist.shot("archive")
    archivist.readable("archive")
    with archivist.page.expect_download() as caught:
        archivist.page.click('a[href$="/archive.zip"]')
    packed = play.folder / "archive.zip"
    caught.value.save_as(packed)
    with zipfile.ZipFile(io.BytesIO(packed.read_bytes())) as package:
        package.extractall(play.folder / "archive")
    archivist.goto("/archives")
    archivist.shot("archives")
    return next((play.folder / "archive").iterdir())


def the_public_sees_it_all(play: Ceremony) -> None:
    public = play.public
    for path, name in (
        (play.here, "lot-done"),
        (f"{play.here}/award", "award-public"),
        ("/results", "results"),
        ("/notices", "notices"),
        ("/openings", "openings"),
        ("/verify", "verify"),
        ("/search?q=污水", "search"),
    ):
        public.goto(path)
        public.shot(name)  # fmt: skip
    public.goto(play.here)
    public.page.locator("#timeline .ev").first.click()
    public.see("dialog[open] dl")  # the proof itself, not the word that it is being read
    public.shot("proof-drawer")


def administrators_look_in(play: Ceremony) -> None:
    for login, path in (("sysadmin", "admin-system"), ("secadmin", "admin-security"), ("auditor", "admin-audit")):
        person = play.who(login)
        person.goto(f"/{path}")
        if path == "admin-audit":
            person.goto("/admin-audit?q=staff")
        person.shot(path)


SCENES: tuple[Callable[[Ceremony], Any], ...] = (
    the_public_looks_in, the_owner_plans_and_registers, the_centre_tells_once_and_completes, the_agency_publishes,
    the_public_reads_the_notice, bidders_enrol_and_ask, bidders_secure_their_bids, bidders_seal_and_submit,
    nobody_else_learns_who_bids, bidders_sign_in, the_hall_opens, the_bids_are_read_out, the_committee_is_drawn,
    the_members_declare_and_elect, the_members_score_and_sign, candidates_are_published_and_objected_to,
    the_award_is_decided, deposits_go_back, the_file_is_closed, the_public_sees_it_all,
    administrators_look_in,
)  # fmt: skip

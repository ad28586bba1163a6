"""Sealing after the act: nothing acknowledged waits for it, everything made is sealed, what cannot be is said."""

import subprocess
import sys
from uuid import UUID

import pytest
from django.db import OperationalError
from django.test import Client
from tests.journey import announce, bring, register
from tests.seals import OutOfOrder, sealing

from mingzheng.kernel import digest, ports
from mingzheng.ledger.reading import stream_entries
from mingzheng.site.desks.tasks import tasks
from mingzheng.stages.archiving import changes as archiving
from mingzheng.stages.issuing import commands, jobs, models, queries, rules
from mingzheng.stages.procedures import queries as procedures
from mingzheng.stages.tendering import models as tendering

pytestmark = pytest.mark.django_db
SEAL = "issuing.jobs.seal_papers"


@pytest.fixture
def seals():
    with sealing() as found:
        yield found


@pytest.fixture
def announced(world, seals):
    """A notice and a tender document just filed, nothing sealed yet."""
    register(world)
    announce(world)
    return world


def sealed_entries(world):
    return [e.event for e in stream_entries(f"lot:{world.lot}") if e.kind == "issuing.paper-sealed"]


def notice(world):
    return next(one for one in queries.of_lot(world.lot) if one.kind == "tender_notice")


def test_a_paper_is_sealed_after_the_act_and_the_ledger_has_both_digests(announced, seals):
    assert all(one.waiting for one in queries.of_lot(announced.lot))
    announced.settle(SEAL)
    papers = queries.of_lot(announced.lot)
    assert [one.state for one in papers] == [rules.SEALED] * 2
    for paper, event in zip(papers, sorted(sealed_entries(announced), key=lambda e: str(e.document)), strict=False):
        content = ports.get("store").read(paper.object)
        assert seals.check(content).ok
        assert digest.matches(paper.digest, content) and len(content) == paper.size
        as_filed = ports.get("store").read(procedures.document(paper.document).object)
        assert content.startswith(as_filed) and digest.matches(paper.paper, as_filed)
        assert event.size > 0
    told = {event.document: event for event in sealed_entries(announced)}
    assert {one.document: (one.digest, one.paper) for one in papers} == {
        document: (event.digest, event.paper) for document, event in told.items()
    }
    assert notice(announced).sealed_at is not None and notice(announced).holder == "云州市公共资源交易中心"


def test_sealing_twice_records_once(announced):
    announced.settle(SEAL)
    before = len(sealed_entries(announced))
    models.Paper.objects.update(next_try=announced.clock())
    paper = notice(announced)
    happened = commands.record_seal(
        actor=__import__("mingzheng.kernel.actor", fromlist=["SYSTEM"]).SYSTEM, key="again", document=paper.document,
        object="x", digest="x", size=1, holder="", certificate="", stamped_at=announced.clock(), stamp="",
    )  # fmt: skip
    announced.settle(SEAL)
    assert not happened.events and len(sealed_entries(announced)) == before
    assert notice(announced).digest == paper.digest


def test_while_the_signer_is_down_acts_are_acknowledged_the_desk_says_so_and_the_seal_follows(announced, seals):
    ports.use("paper_seals", OutOfOrder())
    announced.settle(SEAL)
    assert procedures.lot(announced.lot).phase == "announced", "the act stands"
    waiting = notice(announced)
    assert waiting.waiting and queries.stuck() == [announced.lot]
    row = models.Paper.objects.filter(tries__gt=0).first()
    assert "the token was pulled out" in row.problem and row.lot == announced.lot
    for player in (announced.cast.agency, announced.cast.staff):
        assert any("电子签章" in task.what and task.lot.id == announced.lot for task in tasks(player.actor)), (
            player.login
        )
    page = Client().get(f"/documents/{waiting.document}.pdf")
    assert page.status_code == 202 and "等待电子签章" in page.content.decode() and page["Retry-After"]
    text = Client().get(f"/documents/{waiting.document}.pdf?unsealed=1")
    assert digest.matches(waiting.paper, b"".join(text.streaming_content))

    ports.use("paper_seals", seals)
    announced.settle(SEAL)
    assert notice(announced).waiting, "not before the pause is over"
    announced.clock.forward(seconds=30)
    announced.settle(SEAL)
    assert not queries.stuck() and notice(announced).state == rules.SEALED
    answer = Client().get(f"/documents/{waiting.document}.pdf")
    assert answer.status_code == 200 and seals.check(b"".join(answer.streaming_content)).ok
    assert not any("电子签章" in task.what for task in tasks(announced.cast.agency.actor))


def test_a_database_that_does_not_answer_is_no_failure_of_the_signer(announced, seals, monkeypatch):
    def lost(content, at):
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(seals, "seal", lost)
        with pytest.raises(OperationalError):
            announced.settle(SEAL)
    assert all(one.tries == 0 for one in queries.of_lot(announced.lot))
    announced.settle(SEAL)
    assert [one.state for one in queries.of_lot(announced.lot)] == [rules.SEALED] * 2


def test_pauses_between_tries_grow_up_to_ten_minutes(clock):
    pauses = [(rules.next_try(n, clock()) - clock()).total_seconds() for n in range(12)]
    assert pauses[:4] == [5, 10, 20, 40] and pauses == sorted(pauses) and pauses[-1] == 600


def test_media_get_the_sealed_paper_and_wait_for_it(announced, seals):
    ports.use("paper_seals", OutOfOrder())
    announced.settle(SEAL, "tendering.jobs.send_media")
    rows = tendering.Submission.objects.filter(document=notice(announced).document)
    assert rows and {row.state for row in rows} == {"queued"}
    ports.use("paper_seals", seals)
    announced.clock.forward(seconds=30)
    announced.settle(SEAL, "tendering.jobs.send_media")
    assert {(row.state, row.digest) for row in rows.all()} == {("received", notice(announced).digest)}


def test_an_evaluation_report_is_sealed_only_with_its_signatures():
    assert not rules.wanted("evaluation_report", ())
    assert rules.wanted("evaluation_report", ("x",)) and rules.wanted("award_notice", ())


def test_without_a_seal_papers_are_handed_out_as_they_were_filed(world):
    register(world)
    announce(world)
    world.settle(SEAL)
    assert {one.state for one in queries.of_lot(world.lot)} == {rules.PLAIN}
    assert notice(world).digest == notice(world).paper and not sealed_entries(world)
    assert notice(world).code


@pytest.mark.clause("GF-3.5-2")
def test_the_archive_holds_the_sealed_papers_and_verifies_alone(world, seals, tmp_path):
    bring(world, "contracted")
    world.settle(SEAL)
    assert queries.unsealed(world.lot) == []
    from tests.journey import archive

    archive(world)
    folder = archiving.folder_of(world.lot)
    papers = queries.of_lot(world.lot)
    for one in papers:
        content = (folder / "documents" / f"{one.kind}-{one.document}.pdf").read_bytes()
        assert digest.matches(one.digest, content)
        drafted = one.kind == "evaluation_report" and one.state == rules.PLAIN
        verdict = seals.check(content)
        assert drafted or (verdict.ok and verdict.holder == one.holder and verdict.at == one.sealed_at), one.kind
    assert sum(one.state == rules.SEALED for one in papers) >= 8
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    damaged = next((folder / "documents").glob("award_notice-*.pdf"))
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(bytes(content))
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and damaged.name in done.stdout


def test_a_file_with_unsealed_papers_closes_only_with_a_reason_and_they_stay_unsealed(world, seals):
    bring(world, "contracted")
    archivist = world.cast.archivist
    refused = archivist.refused("archiving.close_file", lot=world.lot)
    assert refused.code == "archiving.incomplete" and "中标通知书的电子签章" in refused.facts["missing"]
    archivist.do("archiving.close_file", lot=world.lot, reason="签章服务停用")
    world.clock.forward(hours=1)
    world.settle(SEAL)
    kept = {one.state for one in queries.of_lot(world.lot)}
    assert kept == {rules.LEFT, rules.PLAIN}, "only the report filed for signing was never to be sealed"
    assert not sealed_entries(world), "nothing follows the closing entry"


def test_in_gm1_a_signature_with_sm2_lies_beside_the_paper(announced, seals, settings):
    settings.MINGZHENG_SUITE = "GM-1"
    announced.settle(SEAL)
    paper = notice(announced)
    event = next(e for e in sealed_entries(announced) if e.document == paper.document)
    assert digest.of(paper.signature.encode()) == event.signature
    from mingzheng.adapters.documents.detached import check_detached

    _, certificate = seals._sm2
    assert check_detached(paper.signature, ports.get("store").read(paper.object), certificate)
    assert Client().get(f"/documents/{paper.document}.sig").content.decode() == paper.signature
    assert f"documents/tender_notice-{paper.document}.sm2.sig" in archiving.files_of(announced.lot)


def test_there_is_no_signature_beside_a_paper_in_the_other_suite(announced, settings):
    settings.MINGZHENG_SUITE = "INTL-1"
    announced.settle(SEAL)
    assert Client().get(f"/documents/{notice(announced).document}.sig").status_code == 404
    assert isinstance(notice(announced).document, UUID) and jobs.AT_ONCE

"""The public verification page: what it says of files and codes, and what it never tells."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.journey import announce, bring, register
from tests.seals import sealing

from mingzheng.kernel import ports
from mingzheng.stages.issuing import queries as issuing
from mingzheng.stages.issuing import rules

pytestmark = pytest.mark.django_db
SEAL = "issuing.jobs.seal_papers"
GENUINE = "是平台出具的文书，没有被改动。"
UNKNOWN = "没有查到这个核验码。"


@pytest.fixture
def sealed(world):
    """A notice and a tender document, sealed and public."""
    with sealing():
        register(world)
        announce(world)
        world.settle(SEAL)
        yield world


def paper(world, kind="tender_notice"):
    return next(one for one in issuing.of_lot(world.lot) if one.kind == kind)


def stored(one):
    return ports.get("store").read(one.object)


def uploaded(content, client=None):
    answer = (client or Client()).post("/verify", {"paper": SimpleUploadedFile("a.pdf", content, "application/pdf")})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_public_paper_is_confirmed_with_issuer_time_and_place_in_the_ledger(sealed):
    one = paper(sealed)
    text = uploaded(stored(one))
    assert GENUINE in text and "签章和时间戳有效" in text
    assert one.title in text and one.code in text and one.digest in text and "云州市公共资源交易中心" in text
    places = issuing.places(one)
    assert f'data-proof="{places.filed}"' in text and f'data-proof="{places.sealed}"' in text


def test_a_changed_copy_is_named_as_changed_and_never_as_genuine(sealed):
    content = bytearray(stored(paper(sealed)))
    content[len(content) // 3] ^= 1
    text = uploaded(bytes(content))
    assert "签章之后被改动过" in text and "账本里没有这份文件" in text and GENUINE not in text


def test_the_paper_as_it_was_filed_is_recognised_as_the_unsealed_text(sealed):
    from mingzheng.stages.procedures import queries as procedures

    one = paper(sealed)
    text = uploaded(ports.get("store").read(procedures.document(one.document).object))
    assert "不是签章后的文件" in text and GENUINE not in text


@pytest.mark.parametrize(
    ("content", "said"), [(b"hello", "这不是 PDF 文件"), (b"%PDF-1.7\nhello", "被改动过，或者已经损坏")]
)
def test_a_strange_file_is_named_for_what_it_is(sealed, content, said):
    assert said in uploaded(content)


def test_an_uploaded_file_is_not_kept(sealed, settings):
    state = ports.get("store")._objects
    before = sorted(state.rglob("*"))
    uploaded(stored(paper(sealed)))
    uploaded(b"%PDF-1.7\nhello")
    assert sorted(state.rglob("*")) == before


def test_a_file_too_large_for_memory_is_not_looked_at(sealed):
    assert "超过 2 MB" in uploaded(b"%PDF-" + bytes(2 * 1024 * 1024))


def test_nothing_chosen_is_said(sealed):
    assert "请选择文件" in Client().post("/verify", {}).content.decode()


def test_the_code_under_the_square_leads_to_the_paper(sealed):
    one = paper(sealed)
    for written in (one.code, one.code.lower(), one.code.replace("-", "")):
        answer = Client().get(f"/verify/{written}")
        assert answer.status_code == 200 and one.title in answer.content.decode()
    typed = Client().post("/verify", {"code": one.code})
    assert typed.status_code == 302 and typed["Location"] == f"/verify/{one.code}"
    from tests.contracts.pdf_text import text_of

    assert f"/verify/{one.code}" in text_of(stored(one))


def test_a_code_of_a_paper_that_is_not_public_answers_as_an_unknown_one(world):
    with sealing():
        bring(world, "evaluated")
        world.settle(SEAL)
        report = next(
            one for one in issuing.of_lot(world.lot) if one.kind == "evaluation_report" and one.state == rules.SEALED
        )
        assert not report.public
        known, unknown = Client().get(f"/verify/{report.code}"), Client().get("/verify/AAAA-BBBB-CCCC-DDDD-EEEE")
        assert known.status_code == unknown.status_code == 404
        assert _plain(known, report.code) == _plain(unknown, "AAAA-BBBB-CCCC-DDDD-EEEE")
        assert UNKNOWN in known.content.decode()
        text = uploaded(stored(report))
        assert "账本里没有查到这份公开文书" in text and "data-proof" not in text and report.title not in text
        assert issuing.may_read(report, world.cast.owner.actor, world.clock())
        assert not issuing.may_read(report, world.cast.bidder.actor, world.clock())


def _plain(answer, code):
    text = answer.content.decode().replace(code, "CODE")
    return re.sub(r'"[A-Za-z0-9]{64}"', "", text)  # the tokens of the forms


def test_the_offline_page_is_handed_out_from_the_verification_page(world):
    assert 'href="/verify-receipt.html"' in Client().get("/verify").content.decode()
    answer = Client().get("/verify-receipt.html")
    assert "attachment" in answer["Content-Disposition"]
    assert b"<!doctype html>" in io.BytesIO(b"".join(answer.streaming_content)).read(200).lower()

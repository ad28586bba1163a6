"""One contract for every statutory medium: a folder on this machine, and a medium behind HTTP."""

import base64
from urllib.parse import unquote

import pytest
from peer import serving

from mingzheng.adapters.media import (
    DirectMedium,
    FolderMedium,
    MediumRefused,
    MediumUnavailable,
    compare,
    digest_of,
)
from mingzheng.kernel import clock as kernel_clock

NOTICE = "招标公告：云州市第二污水处理厂扩建工程".encode() * 1000


def medium_server(medium):
    """A medium's own system; `medium` keeps its copies."""

    def route(method, path, body):
        if method == "POST":
            content = base64.b64decode(body["content"])
            try:
                receipt = medium.publish(
                    document_id=body["document"],
                    title=body["title"],
                    kind=body["kind"],
                    content=content,
                    digest=body["digest"],
                )
            except MediumRefused as refused:
                return 409, {"error": refused.reason}
            at = kernel_clock.text(receipt.at)
            return 200, {"at": at, "digest": receipt.digest, "reference": receipt.reference, "url": receipt.url}
        try:
            content = medium.read_back(unquote(path.rsplit("/", 1)[1]))
        except LookupError:
            return 404, {}
        return 200, {"content": base64.b64encode(content).decode()}

    return route


@pytest.fixture
def folder(tmp_path):
    return FolderMedium.of_state("云州省公共资源交易网", tmp_path, address="https://ggzy.example/n/{reference}")


@pytest.fixture(params=["folder", "direct"])
def medium(request, folder):
    if request.param == "folder":
        yield folder
    else:
        with serving(medium_server(folder)) as peer:
            yield DirectMedium("云州省公共资源交易网", peer.client())


def publish(medium, content=NOTICE, document="doc-1", digest=None):
    return medium.publish(
        document_id=document,
        title="招标公告",
        kind="tender_notice",
        content=content,
        digest=digest or digest_of(content),
    )


def test_a_published_notice_has_a_receipt_with_place_time_and_digest(medium):
    receipt = publish(medium)
    assert (receipt.medium, receipt.document) == ("云州省公共资源交易网", "doc-1")
    assert receipt.digest == digest_of(NOTICE)
    assert receipt.url == f"https://ggzy.example/n/{receipt.reference}"
    assert receipt.at == kernel_clock.now()


def test_the_copy_reads_the_same_as_ours(medium):
    receipt = publish(medium)
    assert medium.read_back(receipt.reference) == NOTICE
    assert compare(medium, receipt.reference, digest_of(NOTICE)).same


def test_a_copy_the_medium_changed_is_noticed(medium, folder):
    receipt = publish(medium)
    copy = next(folder._folder.glob("*.copy"))
    copy.write_bytes(NOTICE.replace("第二".encode(), "第三".encode(), 1))
    found = compare(medium, receipt.reference, digest_of(NOTICE))
    assert not found.same
    assert (found.ours, found.theirs) == (digest_of(NOTICE), digest_of(copy.read_bytes()))


def test_a_copy_the_medium_took_away_is_noticed(medium, folder):
    receipt = publish(medium)
    next(folder._folder.glob("*.copy")).unlink()
    found = compare(medium, receipt.reference, digest_of(NOTICE))
    assert not found.same and found.theirs == ""


def test_sending_again_publishes_once(medium, folder, clock):
    first = publish(medium)
    clock.forward(hours=1)
    assert publish(medium) == first
    assert len(list(folder._folder.glob("*.copy"))) == 1


def test_another_content_under_the_same_document_is_refused(medium):
    publish(medium)
    with pytest.raises(MediumRefused, match="other content"):
        publish(medium, b"other")


def test_a_content_that_is_not_the_digests_is_refused(medium):
    with pytest.raises(MediumRefused, match="digest"):
        publish(medium, digest=digest_of(b"other"))


@pytest.mark.parametrize("reference", ["unknown", "../../keys/bank", "", "a b/ü"])
def test_a_reference_nobody_gave_is_unknown(medium, reference):
    with pytest.raises(LookupError):
        medium.read_back(reference)


@pytest.mark.parametrize("fault", ["unsigned", "changed", "down", "cut", "late", "not json", "another's answer"])
def test_a_medium_that_does_not_answer_properly_has_published_nothing_we_know_of(folder, fault):
    with serving(medium_server(folder)) as peer:
        medium = DirectMedium("x", peer.client(timeout=0.3))
        receipt = publish(medium, document="doc-0")
        peer.fault = fault
        with pytest.raises(MediumUnavailable):
            publish(medium)
        with pytest.raises(MediumUnavailable):
            medium.read_back(receipt.reference)
        peer.fault = ""
        assert publish(medium).digest == digest_of(NOTICE)


def test_a_receipt_of_another_shape_is_no_receipt():
    with serving(lambda *request: (200, {"reference": "1"})) as peer:
        medium = DirectMedium("x", peer.client())
        with pytest.raises(MediumUnavailable):
            publish(medium)
        with pytest.raises(MediumUnavailable):
            medium.read_back("1")


def test_a_medium_that_stored_something_else_says_so_in_its_receipt():
    answer = {"at": "2026-03-02T09:00:00+08:00", "digest": digest_of(b"else"), "reference": "r", "url": "u"}
    with serving(lambda *request: (200, answer)) as peer:
        assert publish(DirectMedium("x", peer.client())).digest != digest_of(NOTICE)


def test_the_client_does_not_show_its_key(folder):
    with serving(medium_server(folder)) as peer:
        assert "key=…" in repr(DirectMedium("x", peer.client()))

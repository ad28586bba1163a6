"""The agent answers one origin, one paired page and three kinds of text; everything else is refused, and said why."""

import base64
import json
import os
import socket
import threading
import time
import uuid
from pathlib import Path

import pytest
from agent_page import ORIGIN, Page, agent_for
from soft_token import SoftTokens

from mingzheng.adapters.agent.command import checked_origin
from mingzheng.adapters.agent.door import LARGEST, MOST_CONNECTIONS
from mingzheng.adapters.agent.pairing import LONGEST, MOST_PAGES, TRIES, Pairing
from mingzheng.adapters.agent.pkcs11_signer import TokenSigner
from mingzheng.adapters.crypto.acts import act_text, login_text, verify_text
from mingzheng.adapters.crypto.certificates import fingerprint, public_key_of
from mingzheng.adapters.crypto.intl1 import Intl1
from mingzheng.adapters.crypto.seal import SignedSeal, parse
from mingzheng.kernel import canonical
from mingzheng.kernel.refusal import Refused

VECTORS = Path(__file__).parents[2] / "docs" / "formats" / "vectors"
SUITE = Intl1()
LOGIN = login_text("c1f0", ORIGIN)
ACT = act_text("opening.confirm_record", {"lot": "七", "remark": "无异议"}, "ab12")
PLACE = b" wrap bidder\0" + uuid.UUID(int=7).bytes + uuid.UUID(int=9).bytes
LABEL = b"mingzheng-bid-2" + PLACE


def test_a_login_and_an_act_are_shown_in_plain_words_and_signed(page: Page, signer: TokenSigner) -> None:
    for text in (LOGIN, ACT):
        status, answer = page.sign(text)
        assert status == 200, answer
        verify_text(text, answer["signature"], signer.certificate)
    said = "\n".join(page.clerk.asked)
    assert f"登录 / sign in: {ORIGIN}" in said
    assert "确认开标记录 / confirm the opening record（opening.confirm_record）" in said
    assert "lot = 七" in said and "remark = 无异议" in said


def test_the_page_learns_whose_key_it_is(page: Page, signer: TokenSigner) -> None:
    status, answer = page.ask("GET", "/identity")
    assert (status, answer["certificate"], answer["suite"]) == (200, signer.certificate, "INTL-1")
    assert answer["token"] == signer.label


@pytest.mark.parametrize("version", [b"1", b"2"])
def test_the_content_key_of_ones_own_bid_comes_back_after_a_yes(
    page: Page, signer: TokenSigner, version: bytes
) -> None:
    secret, label = os.urandom(32), b"mingzheng-bid-" + version + PLACE
    wrapped = SUITE.wrap(public_key_of(signer.certificate), secret, label)
    status, answer = page.unwrap(wrapped, label)
    assert (status, base64.b64decode(answer["secret"])) == (200, secret)
    assert f"  投标文件 / bid {uuid.UUID(int=9)}" in page.clerk.asked
    assert page.unwrap(wrapped[:-1] + b"\0", label) == (403, {"refused": "seal.wrong-key"})


def test_nothing_but_a_bid_of_ones_own_is_unwrapped(page: Page, signer: TokenSigner) -> None:
    for context in (
        b"",
        b"mingzheng-bid-3" + PLACE,
        LABEL[:-1],
        LABEL + b"\0",
        LABEL.replace(b"wrap bidder", b"wrap escrow"),
    ):
        wrapped = SUITE.wrap(public_key_of(signer.certificate), b"secret", context)
        status, answer = page.unwrap(wrapped, context)
        assert (status, answer["refused"]) == (422, "agent.not-signable")
    assert page.clerk.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "转账一百万元",
        "",
        login_text("c1f0", "https://centre.example.evil.example"),
        login_text("c1f0", "http://centre.example"),
        act_text("parties.log_in", {"origin": ORIGIN, "more": 1}, "c1f0"),
        ACT.replace(":", ": ", 1),
        act_text("no act", {}, "ab12"),
        act_text("opening.confirm_record", {}, "两行\n"),
        canonical.dumps({"act": "opening.confirm_record", "fields": {}}),
        canonical.dumps({"act": "opening.confirm_record", "fields": {}, "nonce": "ab", "also": 1}),
        '{"bid":"nothing"}',
        "[" * 5000,
    ],
)
def test_a_text_that_is_no_act_or_login_of_this_centre_is_not_signed_and_not_asked_about(page: Page, text: str) -> None:
    status, answer = page.sign(text)
    assert (status, answer["refused"]) == (422, "agent.not-signable")
    assert page.clerk.asked == []


@pytest.mark.parametrize("vector", ["bid.json", "bid-2.json"])
def test_a_seal_is_signed_when_it_names_this_certificate_and_no_other(
    page: Page, signer: TokenSigner, vector: str
) -> None:
    golden = json.loads((VECTORS / vector).read_text("utf-8"))["signed"]
    foreign = parse(SignedSeal.loads(canonical.dumps(golden)).seal.as_json())
    assert page.sign(foreign.text)[1]["refused"] == "agent.not-signable"
    own = canonical.dumps({**foreign.as_json(), "bidder": fingerprint(signer.certificate)})
    status, answer = page.sign(own)
    assert status == 200
    verify_text(own, answer["signature"], signer.certificate)
    assert f"  标段 / lot {foreign.lot}" in page.clerk.asked


def test_who_declines_in_the_terminal_has_signed_nothing(page: Page, signer: TokenSigner) -> None:
    page.clerk.says = False
    assert page.sign(ACT) == (403, {"refused": "agent.declined"})
    wrapped = SUITE.wrap(public_key_of(signer.certificate), b"secret", LABEL)
    assert page.unwrap(wrapped, LABEL) == (403, {"refused": "agent.declined"})


def test_what_is_shown_cannot_steer_the_terminal(page: Page) -> None:
    status, _ = page.sign(act_text("opening.say", {"text": "a\x1b[2J\u202eb\nc", "long": "长" * 5000}, "ab12"))
    said = "\n".join(page.clerk.asked)
    assert status == 200
    assert r"a\u001b[2J\u202eb\nc" in said
    assert "\x1b" not in said and "\u202e" not in said and "5000" in said and len(said) < 1500


def test_while_one_question_stands_another_is_refused(page: Page) -> None:
    page.clerk.gate = threading.Event()
    answers: list[tuple[int, dict[str, str]]] = []
    first = threading.Thread(target=lambda: answers.append(page.sign(ACT)))
    first.start()
    assert page.clerk.before.wait(20)
    assert page.sign(LOGIN) == (409, {"refused": "agent.busy"})
    page.clerk.gate.set()
    first.join(20)
    assert answers[0][0] == 200
    assert page.sign(LOGIN)[0] == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://centre.example:8443", "null", "", None, ORIGIN.upper()]
)
def test_a_page_of_another_origin_is_not_answered_and_gets_no_permission(page: Page, origin: str | None) -> None:
    for method, path in (("OPTIONS", "/sign"), ("GET", "/identity"), ("POST", "/pair"), ("POST", "/sign")):
        content = {"text": ACT} if method == "POST" else None
        status, headers, answer = page.full(method, path, content, Origin=origin)
        assert (status, answer["refused"]) == (403, "agent.foreign-origin")
        assert not [name for name in headers if name.startswith("Access-Control")]
    assert page.clerk.asked == []


@pytest.mark.parametrize("host", ["evil.example", "localhost:18737", "127.0.0.1", None])
def test_a_name_bound_to_this_machine_by_somebody_else_is_not_answered(page: Page, host: str | None) -> None:
    assert page.ask("GET", "/identity", Host=host)[1].get("refused") == "agent.foreign-origin"


def test_the_preflight_allows_exactly_this_origin_and_the_private_network(page: Page) -> None:
    page.key = ""
    status, headers, _ = page.full("OPTIONS", "/sign", Access_Control_Request_Private_Network="true")
    assert (status, headers["Access-Control-Allow-Origin"], headers["Vary"]) == (204, ORIGIN, "Origin")
    assert headers["Access-Control-Allow-Private-Network"] == "true"
    assert headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert "Access-Control-Allow-Credentials" not in headers
    assert "Access-Control-Allow-Private-Network" not in page.full("OPTIONS", "/sign")[1]


def test_without_pairing_nothing_is_told_signed_or_unwrapped(page: Page) -> None:
    for key in ("", "x", page.key[:-1]):
        page.key = key
        for method, path, content in (
            ("GET", "/identity", None),
            ("POST", "/sign", {"text": ACT}),
            ("POST", "/unwrap", {}),
        ):
            assert page.ask(method, path, content) == (401, {"refused": "agent.not-paired"})
    assert page.clerk.asked == []


def test_wrong_codes_are_counted_and_end_the_pairing_for_good(signer: TokenSigner) -> None:
    with agent_for(signer) as fresh:
        for left in range(TRIES - 1, 0, -1):
            wrong = fresh.ask("POST", "/pair", {"code": "2222-2222"})
            assert wrong == (403, {"refused": "agent.wrong-code", "left": str(left)})
        assert fresh.ask("POST", "/pair", {"code": ""}) == (429, {"refused": "agent.too-many-tries"})
        right = fresh.ask("POST", "/pair", {"code": fresh.clerk.codes[-1]})
        assert right == (429, {"refused": "agent.too-many-tries"})


def test_a_code_pairs_once_and_may_be_typed_carelessly(page: Page) -> None:
    used, fresh = page.clerk.codes
    assert page.ask("POST", "/pair", {"code": used})[0] == 403
    assert page.ask("POST", "/pair", {"code": f" {fresh.replace('-', ' ').lower()} "})[0] == 200


def test_a_pairing_ends_after_twelve_hours_and_with_many_younger_ones() -> None:
    now, codes = [0.0], list[str]()
    pairing = Pairing(codes.append, lambda: now[0])
    first = pairing.pair(codes[-1])
    pairing.check(first)
    now[0] = 1.0
    second = pairing.pair(codes[-1])
    for _ in range(MOST_PAGES - 1):
        pairing.pair(codes[-1])
    with pytest.raises(Refused, match=r"agent\.not-paired"):
        pairing.check(first)
    now[0] = LONGEST
    pairing.check(second)
    now[0] += 1
    with pytest.raises(Refused, match=r"agent\.not-paired"):
        pairing.check(second)


def test_what_is_too_large_or_badly_formed_is_refused_unread(page: Page) -> None:
    assert page.sign("x" * LARGEST)[1]["refused"] == "agent.too-large"
    assert (
        page.ask("POST", "/sign", Content_Length="9" * 30, Content_Type="application/json")[1]["refused"]
        == "agent.too-large"
    )
    assert page.ask("POST", "/sign", b"{}", Content_Type="text/plain")[1]["refused"] == "agent.unreadable"
    for content in (b"", b"[1]", b"{", b'{"text": 1}', b'{"text": "x", "more": 1}', b'{"text": "\\ud800"}'):
        assert page.ask("POST", "/sign", content)[1]["refused"] == "agent.unreadable", content
    assert page.ask("POST", "/unwrap", {"wrapped": "?", "context": ""})[1]["refused"] == "agent.unreadable"
    assert page.ask("POST", "/elsewhere", {"text": ""})[0] == page.ask("GET", "/sign")[0] == 404


def test_connections_beyond_what_a_browser_opens_are_closed_and_the_page_goes_on(page: Page) -> None:
    silent = [socket.create_connection(("127.0.0.1", page.port)) for _ in range(MOST_CONNECTIONS + 4)]
    closed = 0
    for one in silent[-4:]:
        one.settimeout(20)
        closed += one.recv(1) == b""
    assert closed == 4
    for one in silent:
        one.close()
    status, until = 0, time.monotonic() + 20
    while status != 200 and time.monotonic() < until:  # the room comes back as the threads notice
        try:
            status, _ = page.ask("GET", "/identity")
        except OSError:
            time.sleep(0.01)
    assert status == 200


def test_a_token_pulled_out_in_the_middle_is_said_to_the_page(tokens: SoftTokens) -> None:
    label = tokens.plug_in()
    opened = tokens.open(label)
    with agent_for(opened) as page:
        page.pair()
        assert page.sign(LOGIN)[0] == 200
        tokens.pull_out(label)
        assert page.sign(LOGIN) == (503, {"refused": "agent.token-removed"})
    opened.close()


def test_the_origin_is_written_as_a_browser_writes_it() -> None:
    for given, sent in {
        "https://Centre.Example/": "https://centre.example",
        "https://centre.example:443": "https://centre.example",
        "https://centre.example:8443": "https://centre.example:8443",
        "http://127.0.0.1:8000": "http://127.0.0.1:8000",
    }.items():
        assert checked_origin(given) == sent
    for wrong in (
        "centre.example",
        "http://centre.example",
        "https://centre.example/path",
        "https://u@c.example",
        "https://c:x",
        "",
    ):
        with pytest.raises(Refused, match=r"agent\.unsuitable-origin"):
            checked_origin(wrong)

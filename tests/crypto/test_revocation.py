"""Several authorities, their lists and responders: what is revoked binds nobody, what is uncertain waits, nothing forged counts."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from sealing_cast import NOW

from mingzheng.adapters.crypto import ocsp, revocation, x509_signing
from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.certificates import TrustStore, check_certificate, facts, load
from mingzheng.adapters.crypto.refusals import CERTIFICATE_FOREIGN
from mingzheng.adapters.crypto.revocation import Authority, Revocations, over_http, read_authorities
from mingzheng.kernel.refusal import Refused

NONCE = b"sixteen bytes ok"


def _distribution(**told: Any) -> x509.IssuingDistributionPoint:
    nothing = {
        "full_name": None, "relative_name": None, "only_contains_user_certs": False, "only_contains_ca_certs": False,
        "only_some_reasons": None, "indirect_crl": False, "only_contains_attribute_certs": False,
    }  # fmt: skip
    return x509.IssuingDistributionPoint(**{**nothing, **told})


class House:
    """An authority with a web address for its list and its responder; what they say is set by the test."""

    def __init__(self, folder: Path, suite_name: str) -> None:
        self.authority = DemoAuthority.open(folder, NOW, suite_name)
        self.certificate = load(self.authority.certificate)
        self.revoked: dict[str, datetime] = {}
        self.listed_at, self.answers_at, self.silent = NOW, NOW, False
        self.asked: list[str] = []

    def person(self, name: str) -> str:
        return self.authority.issue_with_key(
            subject_name=name, organisation_name="甲建设有限公司", organisation_code="91", person_id=name, at=NOW
        )[1]

    def fetch(self, address: str, body: bytes | None) -> bytes:
        self.asked.append(address)
        if self.silent:
            raise OSError("nobody answers")
        if body is None:
            return self.authority.revocation_list(self.revoked, self.listed_at, days=1).encode()
        return self.authority.ocsp_answer(body, self.revoked, self.answers_at)

    def revocations(self, folder: Path, **told: Any) -> Revocations:
        wanted = {"crl": "http://crl.example/list", **told}
        return Revocations(folder, [Authority(self.certificate, **wanted)], self.fetch)


@pytest.fixture
def house(tmp_path: Path, suite_name: str) -> House:
    return House(tmp_path / "one", suite_name)


def serial(pem: str) -> str:
    return facts(pem).serial


def test_people_of_every_trusted_authority_are_taken_and_of_no_other(tmp_path: Path, suite_name: str) -> None:
    houses = [House(tmp_path / str(n), suite_name) for n in range(3)]
    trust = TrustStore(one.authority.certificate for one in houses[:2])
    for one in houses[:2]:
        assert check_certificate(one.person("甲"), NOW, trust).person_name == "甲"
    with pytest.raises(Refused) as refused:
        check_certificate(houses[2].person("丙"), NOW, trust)
    assert refused.value.code == CERTIFICATE_FOREIGN().code


def test_what_the_list_revokes_is_revoked_from_the_moment_told(house: House, tmp_path: Path) -> None:
    pem, since = house.person("甲"), NOW + timedelta(hours=2)
    lists = house.revocations(tmp_path / "lists")
    assert lists.standing(load(pem), house.certificate, NOW).status == "unknown", "nothing has been fetched yet"
    assert lists.refresh(NOW) == 1
    assert lists.standing(load(pem), house.certificate, NOW).status == "good"
    house.revoked, house.listed_at = {serial(pem): since}, NOW + timedelta(hours=3)
    assert lists.refresh(NOW + timedelta(hours=3)) == 1
    assert lists.standing(load(pem), house.certificate, since - timedelta(seconds=1)).status == "good"
    found = lists.standing(load(pem), house.certificate, since)
    assert (found.status, found.since, found.source) == ("revoked", since, "crl")
    assert lists.listed(load(pem), since) == since


def test_an_older_list_never_replaces_a_newer_one_and_a_restart_keeps_what_was_known(
    house: House, tmp_path: Path
) -> None:
    pem = house.person("甲")
    lists = house.revocations(tmp_path / "lists")
    house.revoked, house.listed_at = {serial(pem): NOW}, NOW + timedelta(hours=1)
    lists.refresh(NOW + timedelta(hours=1))
    house.revoked, house.listed_at = {}, NOW
    assert lists.refresh(NOW + timedelta(hours=2)) == 0
    again = house.revocations(tmp_path / "lists")
    assert again.standing(load(pem), house.certificate, NOW + timedelta(hours=2)).status == "revoked"


def test_a_forged_foreign_or_future_list_is_not_taken(house: House, tmp_path: Path, suite_name: str) -> None:
    lists = house.revocations(tmp_path / "lists")
    known = lists.authorities[0]
    forger = House(tmp_path / "forger", suite_name)
    for content in (
        forger.authority.revocation_list({}, NOW).encode(),
        house.authority.revocation_list({}, NOW + timedelta(hours=1)).encode(),
        b"no list at all",
    ):
        with pytest.raises(ValueError):
            lists.take(known, content, NOW)
    assert lists.standing(load(house.person("甲")), house.certificate, NOW).status == "unknown"


def test_a_number_on_the_list_of_another_authority_revokes_nothing(
    tmp_path: Path, suite_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers are an authority's own; who issued a certificate is asked only where its number is listed at all."""
    one, other = House(tmp_path / "one", suite_name), House(tmp_path / "other", suite_name)
    pem, free = one.person("甲"), one.person("乙")
    other.revoked = {serial(pem): NOW}
    known = [Authority(each.certificate, f"http://{n}") for n, each in enumerate((other, one))]
    lists = Revocations(
        tmp_path / "lists", known, lambda address, body: (other, one)[int(address[-1])].fetch(address, body)
    )
    assert lists.refresh(NOW) == 2
    assert lists.listed(load(pem), NOW) is None
    one.revoked, one.listed_at = {serial(pem): NOW}, NOW + timedelta(hours=1)
    lists.refresh(NOW + timedelta(hours=1))
    assert lists.listed(load(pem), NOW + timedelta(hours=1)) == NOW

    asked: list[Any] = []
    monkeypatch.setattr(revocation, "issued_by", lambda *given: asked.append(given) or True)
    assert lists.listed(load(free), NOW + timedelta(hours=1)) is None
    assert asked == []


@pytest.mark.parametrize(
    "part",
    [
        (x509.DeltaCRLIndicator(1), True),
        (_distribution(only_contains_ca_certs=True), True),
        (_distribution(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise})), True),
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),
    ],
    ids=["changes-only", "authorities-only", "some-reasons", "unknown-and-critical"],
)
def test_a_list_that_tells_of_a_part_never_replaces_the_whole_one(
    house: House, tmp_path: Path, part: tuple[x509.ExtensionType, bool]
) -> None:
    pem = house.person("甲")
    lists = house.revocations(tmp_path / "lists")
    house.revoked = {serial(pem): NOW}
    lists.refresh(NOW)
    builder = x509.CertificateRevocationListBuilder().issuer_name(house.certificate.subject)
    later = NOW + timedelta(hours=1)
    builder = builder.last_update(later).next_update(later + timedelta(days=1)).add_extension(*part)
    content = x509_signing.revocation_list(builder, house.authority._private.reveal())
    with pytest.raises(ValueError, match="all certificates"):
        lists.take(lists.authorities[0], content, later)
    assert lists.standing(load(pem), house.certificate, later).status == "revoked"


def test_an_authority_that_falls_silent_is_believed_for_its_grace_and_not_longer(house: House, tmp_path: Path) -> None:
    pem = house.person("甲")
    lists = house.revocations(tmp_path / "lists", grace=timedelta(hours=12))
    lists.refresh(NOW)
    house.silent = True
    assert lists.refresh(NOW + timedelta(days=1)) == 0
    assert "nobody answers" in next(iter(lists.failed.values()))
    within, beyond = NOW + timedelta(days=1, hours=11), NOW + timedelta(days=1, hours=13)
    assert lists.standing(load(pem), house.certificate, within).status == "good"
    assert lists.standing(load(pem), house.certificate, beyond).status == "unknown"
    assert lists.required(house.certificate)


def test_the_responder_is_asked_once_in_a_while_and_heard_before_the_list(house: House, tmp_path: Path) -> None:
    pem = house.person("甲")
    lists = house.revocations(tmp_path / "lists", ocsp="http://ocsp.example")
    lists.refresh(NOW)
    for _ in range(3):
        assert lists.standing(load(pem), house.certificate, NOW).source == "ocsp"
    assert house.asked.count("http://ocsp.example") == 1
    later = NOW + timedelta(minutes=6)
    house.revoked, house.answers_at = {serial(pem): NOW + timedelta(minutes=1)}, later
    assert lists.standing(load(pem), house.certificate, later).status == "revoked"
    house.silent = True
    much_later = later + timedelta(minutes=6)
    assert lists.standing(load(pem), house.certificate, much_later).source == "crl", (
        "the list speaks for a silent responder"
    )


def test_an_answer_that_is_old_forged_or_meant_for_another_question_proves_nothing(
    house: House, tmp_path: Path, suite_name: str
) -> None:
    own, other = load(house.person("甲")), load(house.person("乙"))
    asked = ocsp.request(own, house.certificate, NONCE)
    good = house.authority.ocsp_answer(asked, {}, NOW)
    assert ocsp.read(good, own, house.certificate, NONCE, NOW).status == "good"
    forger = House(tmp_path / "forger", suite_name)
    forged = forger.authority.ocsp_answer(ocsp.request(own, forger.certificate, NONCE), {}, NOW)
    changed = bytearray(good)
    changed[-2] ^= 1
    for content, certificate, nonce, at in (
        (good, own, b"another question", NOW),
        (good, other, NONCE, NOW),
        (good, own, NONCE, NOW + timedelta(hours=2)),
        (good, own, NONCE, NOW - timedelta(hours=2)),
        (forged, own, NONCE, NOW),
        (bytes(changed), own, NONCE, NOW),
        (good[:-9], own, NONCE, NOW),
        (b"", own, NONCE, NOW),
    ):
        with pytest.raises(ocsp.AnswerRefused):
            ocsp.read(content, certificate, house.certificate, nonce, at)


def test_the_settings_of_authorities_are_read_and_a_wrong_one_is_named(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "trusted"
    folder.mkdir()
    (folder / "one.pem").write_text(house.authority.certificate)
    assert not read_authorities(folder)[0].tells
    settings = '[[authority]]\nfile = "one.pem"\ncrl = "http://crl.example"\ngrace_hours = 2\nrequired = false\n'
    (folder / "authorities.toml").write_text(settings)
    found = read_authorities(folder)[0]
    assert (found.crl, found.grace, found.required) == ("http://crl.example", timedelta(hours=2), False)
    (folder / "authorities.toml").write_text(settings.replace("http://crl", "file:///etc"))
    with pytest.raises(ValueError, match="no http address"):
        read_authorities(folder)
    (folder / "authorities.toml").write_text(settings.replace("one.pem", "two.pem"))
    with pytest.raises(ValueError, match=r"two\.pem"):
        read_authorities(folder)


@pytest.fixture
def served(house: House) -> Iterator[str]:
    """The house's list and responder over real HTTP on loopback; /elsewhere sends people on."""

    class Door(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None: ...

        def _say(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            if self.path == "/elsewhere":
                self.send_response(302)
                self.send_header("Location", "/list")
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._say(house.fetch(self.path, None))

        def do_POST(self) -> None:
            self._say(house.fetch(self.path, self.rfile.read(int(self.headers["Content-Length"]))))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_lists_and_answers_come_over_http_and_nobody_is_sent_elsewhere(
    house: House, served: str, tmp_path: Path
) -> None:
    pem = house.person("甲")
    entry = Authority(house.certificate, f"{served}/list", f"{served}/ocsp")
    lists = Revocations(tmp_path / "lists", [entry])
    assert lists.refresh(NOW) == 1
    assert lists.standing(load(pem), house.certificate, NOW).source == "ocsp"
    with pytest.raises(OSError, match="302"):
        over_http(f"{served}/elsewhere", None)

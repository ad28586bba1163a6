"""One contract for every way of sending word: the local outbox, a real SMTP server, an SMS gateway on HTTP."""

import email
import email.policy
import ssl
from dataclasses import dataclass, field
from urllib.parse import unquote

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from peer import serving

from mingzheng.adapters.messages import MailMessenger, MailServer, MessengerUnavailable, Outbox, SmsMessenger
from mingzheng.kernel import clock as kernel_clock

TEXT = "第二污水处理厂扩建工程的投标截止时间改为 2026-04-27 09:30。"


@dataclass
class Mailboxes:
    """What the SMTP server does with mail."""

    letters: list = field(default_factory=list)
    answer: str = ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer:
            return self.answer
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


class MailDoor(Controller):
    """A real SMTP server with STARTTLS and a login."""

    def __init__(self, mailboxes, tls, password):
        self._tls, self._password = tls, password
        super().__init__(mailboxes, hostname="127.0.0.1", port=0)

    def factory(self):
        def check(server, session, envelope, mechanism, said):
            good = isinstance(said, LoginPassword) and said.password == self._password.encode()
            return AuthResult(success=good, handled=False)

        return SMTP(self.handler, authenticator=check, auth_required=True, tls_context=self._tls, require_starttls=True)

    @property
    def address(self):
        return self.server.sockets[0].getsockname()

    def _trigger_server(self):
        """The port is chosen by the system, so the controller's own connection test asks the real one."""
        self.port = self.address[1]
        super()._trigger_server()


@pytest.fixture
def mailboxes():
    return Mailboxes()


@pytest.fixture
def mail_server(mailboxes, tls_identity):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls_identity)
    door = MailDoor(mailboxes, context, "correct horse")
    door.start()
    yield MailServer(
        host="127.0.0.1",
        port=door.address[1],
        sender="notice@ggzy.yunzhou.example",
        sender_name="云州市公共资源交易中心",
        user="centre",
        password="correct horse",
        authorities=str(tls_identity[0]),
        timeout=3,
    )
    door.stop()


@pytest.fixture
def outbox(tmp_path):
    return Outbox.of_state(tmp_path)


class Gateway:
    """An SMS gateway's books."""

    def __init__(self):
        self.messages = {}
        self.state = "sent"

    def __call__(self, method, path, body):
        if method == "POST":
            if not body["to"].isdigit():
                return 422, {"error": "空号"}
            self.messages.setdefault(body["id"], body)
            return 200, self._answer(body["id"])
        found = self.messages.get(unquote(path.rsplit("/", 1)[1]))
        return (200, self._answer(found["id"])) if found else (404, {})

    def _answer(self, id):
        at = kernel_clock.text(kernel_clock.now())
        return {"at": at, "reference": f"gw-{id}", "state": self.state, "to": self.messages[id]["to"]}


@pytest.fixture(params=["in_site", "outbox email", "outbox sms", "smtp", "gateway"])
def way(request, outbox):
    """A messenger, a good address for it, a bad one, and what the carrier has carried."""
    match request.param:
        case "smtp":
            mailboxes = request.getfixturevalue("mailboxes")
            messenger = MailMessenger(request.getfixturevalue("mail_server"), outbox)
            yield messenger, "su@zhengheng.example", "nobody@zhengheng.example", lambda: len(mailboxes.letters)
        case "gateway":
            gateway = Gateway()
            with serving(gateway) as peer:
                messenger = SmsMessenger(peer.client(), signature="云州交易")
                yield messenger, "13900000000", "no number", lambda: len(gateway.messages)
        case name:
            good, bad = {
                "in_site": ("person-7", ""),
                "outbox email": ("su@zhengheng.example", "su@zhengheng.invalid"),
                "outbox sms": ("13900000000", "no number"),
            }[name]
            messenger = outbox.messengers()[name.removeprefix("outbox ")]
            yield messenger, good, bad, lambda: len(outbox.messages())


def send(messenger, address, id="m/1"):
    return messenger.send(id=id, address=address, subject="开标时间变更", text=TEXT)


def test_a_message_goes_out_and_its_state_can_be_asked(way):
    messenger, good, _, carried = way
    delivery = send(messenger, good)
    assert delivery.state in {"sent", "delivered"}
    assert (delivery.id, delivery.way, delivery.at) == ("m/1", messenger.way, kernel_clock.now())
    assert messenger.state("m/1").state == delivery.state
    assert messenger.state("m/2") is None
    assert carried() == 1


def test_the_same_message_is_carried_once(way):
    messenger, good, _, carried = way
    first = send(messenger, good)
    assert send(messenger, good).state == first.state
    assert carried() == 1


def test_an_address_that_cannot_be_reached_is_a_failed_delivery_with_its_reason(way):
    messenger, _, bad, _ = way
    delivery = send(messenger, bad)
    assert delivery.state == "failed" and delivery.reason


def test_recipients_stand_in_no_text_of_the_program(way):
    messenger, good, _, _ = way
    assert good not in repr(send(messenger, good)) + repr(messenger) + repr(vars(messenger))


# The outbox


def test_the_outbox_shows_who_got_what_and_who_read_it(outbox):
    ways = outbox.messengers()
    send(ways["in_site"], "person-7")
    send(ways["email"], "su@zhengheng.example", id="m/2")
    assert [(m.way, m.address, m.text) for m in outbox.messages()] == [
        ("in_site", "person-7", TEXT),
        ("email", "su@zhengheng.example", TEXT),
    ]
    assert ways["in_site"].mark_read("m/1").state == "read"
    assert [m.state for m in outbox.messages(way="in_site")] == ["read"]
    with pytest.raises(LookupError):
        ways["sms"].mark_read("m/1")


def test_a_call_waits_until_somebody_logs_it(outbox):
    call = outbox.messengers()["call"]
    assert send(call, "0000-5550126").state == "queued"
    logged = call.log_call("m/1", reached=True, words="苏工已知悉，按新时间参加。")
    assert (logged.state, logged.reason) == ("read", "苏工已知悉，按新时间参加。")
    assert send(call, "0000-5550126", id="m/2").state == "queued"
    assert call.log_call("m/2", reached=False, words="无人接听").state == "failed"


def test_the_files_of_the_outbox_name_nobody(outbox, tmp_path):
    send(outbox.messengers()["email"], "su@zhengheng.example")
    for path in (p for p in tmp_path.rglob("*") if p.is_file()):
        assert b"zhengheng" not in path.read_bytes()
        assert "污水".encode() not in path.read_bytes()
    assert "su@" not in repr(outbox.messages())


# SMTP


def test_a_letter_arrives_as_it_was_written(mailboxes, mail_server, outbox):
    send(MailMessenger(mail_server, outbox), "su@zhengheng.example")
    [letter] = mailboxes.letters
    assert letter["Subject"] == "开标时间变更"
    assert letter["From"].addresses[0].display_name == "云州市公共资源交易中心"
    assert letter["To"] == "su@zhengheng.example"
    assert letter["Message-ID"] == "<m-1@ggzy.yunzhou.example>"
    assert letter.get_content().strip() == TEXT


def test_a_line_break_in_the_subject_makes_no_header(mailboxes, mail_server, outbox):
    mail = MailMessenger(mail_server, outbox)
    mail.send(id="1", address="su@zhengheng.example", subject="通知\r\nBcc: all@example.com", text="x")
    assert mailboxes.letters[0]["Bcc"] is None
    assert mailboxes.letters[0]["Subject"] == "通知 Bcc: all@example.com"
    assert mail.send(id="2", address="a@b.example\r\nRCPT TO:<c@d.example>", subject="x", text="x").state == "failed"


@pytest.mark.parametrize("answer", ["451 try later", "421 closing"])
def test_a_server_that_cannot_take_it_now_leaves_the_message_queued(mailboxes, mail_server, outbox, answer):
    mail = MailMessenger(mail_server, outbox)
    mailboxes.answer = answer
    with pytest.raises(MessengerUnavailable):
        send(mail, "su@zhengheng.example")
    assert mail.state("m/1").state == "queued"
    mailboxes.answer = ""
    assert send(mail, "su@zhengheng.example").state == "sent"
    assert len(mailboxes.letters) == 1


def test_a_letter_the_server_will_never_take_has_failed(mailboxes, mail_server, outbox):
    mailboxes.answer = "554 content refused"
    delivery = send(MailMessenger(mail_server, outbox), "su@zhengheng.example")
    assert (delivery.state, delivery.reason) == ("failed", "554 content refused")


def test_a_wrong_password_or_no_server_keeps_the_message_queued(mail_server, outbox):
    import dataclasses

    for server in (dataclasses.replace(mail_server, password="wrong"), dataclasses.replace(mail_server, port=1)):
        with pytest.raises(MessengerUnavailable):
            send(MailMessenger(server, outbox), "su@zhengheng.example")


def test_a_mail_server_with_an_unknown_certificate_is_not_believed(mailboxes, mail_server, outbox):
    import dataclasses

    with pytest.raises(MessengerUnavailable):
        send(MailMessenger(dataclasses.replace(mail_server, authorities=None), outbox), "su@zhengheng.example")
    assert mailboxes.letters == []


def test_mail_never_leaves_the_machine_unprotected():
    with pytest.raises(ValueError, match="tls"):
        MailServer(host="mail.example", port=25, sender="a@b.example", security="none")


def test_the_mail_password_is_not_shown(mail_server, outbox):
    assert "correct horse" not in repr(mail_server) + repr(MailMessenger(mail_server, outbox))


# SMS


def test_an_sms_names_its_sender_and_reports_its_state():
    gateway = Gateway()
    with serving(gateway) as peer:
        sms = SmsMessenger(peer.client(), signature="云州交易")
        send(sms, "13900000000")
        assert gateway.messages["m/1"]["text"].startswith("【云州交易】开标时间变更：第二污水")
        gateway.state = "delivered"
        assert (sms.state("m/1").state, sms.state("m/1").carrier_reference) == ("delivered", "gw-m/1")


@pytest.mark.parametrize("fault", ["unsigned", "changed", "down", "cut", "not json"])
def test_a_gateway_that_does_not_answer_properly_leaves_the_message_to_be_tried_again(fault):
    gateway = Gateway()
    with serving(gateway) as peer:
        sms = SmsMessenger(peer.client(), signature="云州交易")
        peer.fault = fault
        with pytest.raises(MessengerUnavailable):
            send(sms, "13900000001")
        peer.fault = ""
        assert send(sms, "13900000001").state == "sent"
        assert len(gateway.messages) == 1


def test_a_state_nobody_knows_is_no_answer():
    gateway = Gateway()
    gateway.state = "lost in space"
    with serving(gateway) as peer, pytest.raises(MessengerUnavailable):
        send(SmsMessenger(peer.client(), signature="x"), "13900000000")

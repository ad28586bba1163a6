"""E-mail by SMTP. What was handed over is written down, so that a repeated job does not write twice to anybody."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage

from mingzheng.adapters.messages.outbox import Outbox
from mingzheng.adapters.messages.port import Delivery, MessengerUnavailable
from mingzheng.adapters.wire import LOOPBACK
from mingzheng.kernel import clock


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `security`: `tls` from the start, `starttls`, or `none` (this machine only)."""

    host: str
    port: int
    sender: str
    sender_name: str = ""
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    authorities: str | None = None
    timeout: float = 20.0

    def __post_init__(self) -> None:
        if self.security not in {"tls", "starttls", "none"}:
            raise ValueError(self.security)
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError(f"{self.host} must be reached by tls or starttls")


class MailMessenger:
    """A `Messenger` by SMTP. `outbox` remembers what was sent; its journal is encrypted."""

    way = "email"

    def __init__(self, server: MailServer, outbox: Outbox) -> None:
        self._server = server
        self._outbox = outbox

    def __repr__(self) -> str:
        return f"MailMessenger({self._server!r})"

    def send(self, *, id: str, address: str, subject: str, text: str) -> Delivery:
        """See `Messenger`. `failed` when the server will never take this mail, `sent` when it has taken it."""
        before = self._outbox.state(self.way, id)
        if before is not None and before.state != "queued":
            return before
        taken = self._outbox.take(self.way, id, address, subject, text, carried=False)
        if taken.state == "failed":
            return taken
        try:
            self._hand_over(self._letter(id, address, subject, text), address)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            return self._refused(id, code, said)
        except smtplib.SMTPResponseException as refused:
            return self._refused(id, refused.smtp_code, refused.smtp_error)
        except (OSError, smtplib.SMTPException) as fault:
            raise MessengerUnavailable(type(fault).__name__) from fault
        return self._outbox.mark(self.way, id, "sent")

    def _refused(self, id: str, code: int, said: bytes | str) -> Delivery:
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        if code < 500 or code in {530, 535}:  # not now, or not with these credentials: our own fault, try again
            raise MessengerUnavailable(f"{code}")
        return self._outbox.mark(self.way, id, "failed", f"{code} {words}"[:200])

    def state(self, id: str) -> Delivery | None:
        """See `Messenger`."""
        return self._outbox.state(self.way, id)

    def _letter(self, id: str, address: str, subject: str, text: str) -> EmailMessage:
        letter = EmailMessage()
        domain = self._server.sender.rpartition("@")[2]
        letter["Message-ID"] = f"<{''.join(c if c.isalnum() else '-' for c in id)}@{domain}>"
        letter["Date"] = clock.real()
        letter["From"] = Address(self._server.sender_name, addr_spec=self._server.sender)
        letter["To"] = Address(addr_spec=address)
        letter["Subject"] = " ".join(subject.split())
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        return letter

    def _hand_over(self, letter: EmailMessage, address: str) -> None:
        server = self._server
        tls = ssl.create_default_context(cafile=server.authorities) if server.security != "none" else None
        with self._connection(tls) as smtp:
            if server.security == "starttls":
                smtp.starttls(context=tls)
            if server.user:
                smtp.login(server.user, server.password)
            smtp.send_message(letter, server.sender, [address])

    def _connection(self, tls: ssl.SSLContext | None) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=tls)
        return smtplib.SMTP(server.host, server.port, timeout=server.timeout)

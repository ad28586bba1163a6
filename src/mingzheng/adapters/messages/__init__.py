"""Messages to people: in the site, by e-mail, by SMS, by a logged call."""

from mingzheng.adapters.messages.mail import MailMessenger, MailServer
from mingzheng.adapters.messages.outbox import Outbox, OutboxMessenger
from mingzheng.adapters.messages.port import STATES, WAYS, Delivery, Messenger, MessengerUnavailable
from mingzheng.adapters.messages.sms import SmsMessenger

__all__ = [
    "STATES",
    "WAYS",
    "Delivery",
    "MailMessenger",
    "MailServer",
    "Messenger",
    "MessengerUnavailable",
    "Outbox",
    "OutboxMessenger",
    "SmsMessenger",
]

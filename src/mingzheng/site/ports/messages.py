"""Ways of sending word: mail and SMS as configured, everything else into the deployment's encrypted outbox."""

import json
from pathlib import Path
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.conf import settings

from mingzheng.adapters.messages.mail import MailMessenger, MailServer
from mingzheng.adapters.messages.outbox import Outbox
from mingzheng.adapters.messages.port import Messenger
from mingzheng.adapters.messages.sms import SmsMessenger
from mingzheng.adapters.wire import SignedClient
from mingzheng.kernel import ports


def wire() -> None:
    """The port `messages` is a dictionary of messengers by way: in_site, email, sms, call.

    `$MINGZHENG_STATE/messages.json`: {"mail": {MailServer fields}, "sms": {"url", "identity", "key", "peer",
    "signature"}}, either may be missing.
    """
    state = Path(settings.MINGZHENG_STATE)
    outbox = Outbox.of_state(state)
    ways: dict[str, Messenger] = dict(outbox.messengers())
    configured = state / "messages.json"
    wanted = json.loads(configured.read_text("utf-8")) if configured.is_file() else {}
    if "mail" in wanted:
        ways["email"] = MailMessenger(MailServer(**wanted["mail"]), outbox)
    if "sms" in wanted:
        ways["sms"] = _sms(wanted["sms"])
    ports.use("messages", ways)


def _sms(entry: dict[str, str]) -> SmsMessenger:
    key = cast(Ed25519PrivateKey, load_pem_private_key(Path(entry["key"]).read_bytes(), password=None))
    peer = cast(Ed25519PublicKey, load_pem_public_key(Path(entry["peer"]).read_bytes()))
    client = SignedClient(entry["url"], identity=entry["identity"], key=key, peer=peer)
    return SmsMessenger(client, signature=entry["signature"])

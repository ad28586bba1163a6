"""The deposit bank: the demo's own, or a bank-direct connection named in the settings."""

import os
from pathlib import Path

from django.conf import settings

from mingzheng.adapters.bank.demo import DemoBank
from mingzheng.kernel import ports


def wire() -> None:
    if settings.SIMULATED or not os.environ.get("MINGZHENG_BANK"):
        ports.use("bank", DemoBank.of_state(Path(settings.MINGZHENG_STATE)))

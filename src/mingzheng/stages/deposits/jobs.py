"""Asking the bank, and ordering refunds that are ready."""

import structlog
from django.db import Error

from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.job import job
from mingzheng.stages.deposits import commands, queries

log = structlog.get_logger()


@job(seconds=0.5)
def read_bank() -> int:
    """New credits at the bank become deposits received."""
    credits = ports.get("bank").incoming(queries.bank_cursor())
    for one in credits:
        commands.record_credit(
            actor=SYSTEM, key=f"credit:{one.id}", number=one.number, credit=one.id, account=one.account,
            amount=str(one.amount), payer_name=one.payer_name, payer_account=one.payer_account, received_at=one.at,
        )  # fmt: skip
    return len(credits)


@job(seconds=1.0)
def send_refunds() -> int:
    """Refunds that are ready go to the bank; one the bank does not take waits and holds up no other."""
    ready = queries.refunds_ready(clock.now())
    for refund in ready:
        try:
            commands.send_refund(actor=SYSTEM, key=f"refund:{refund}", refund=refund)
        except Error:  # the database did not answer, not the bank: the next round sends it, without a pause
            raise
        except Exception as error:  # whatever the bank answers, the refund stays on the list
            log.warning("refund_waits", refund=str(refund), error=type(error).__name__)
            commands.put_off_refund(actor=SYSTEM, refund=refund)
    return len(ready)

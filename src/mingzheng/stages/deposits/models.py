"""Deposits by dealing. Payers, accounts and guarantee numbers are hidden; the dealing id names nobody."""

from django.db import models

from mingzheng.kernel.ids import random_id
from mingzheng.ledger.vault import HiddenText


class Deposit(models.Model):
    dealing = models.UUIDField(primary_key=True)
    lot = models.UUIDField(db_index=True)
    way = HiddenText(default="")  # transfer, guarantee
    wanted = models.DecimalField(max_digits=20, decimal_places=2)
    received = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    account = HiddenText(default="")
    account_tag = models.CharField(max_length=32, db_index=True, default="")
    paid_at = models.DateTimeField(null=True)
    secured_at = models.DateTimeField(null=True)
    guarantee_number = HiddenText(default="")
    guarantee_issuer = HiddenText(default="")
    guarantee_until = models.DateTimeField(null=True)


class Refund(models.Model):
    """One way back: the money of one paying account, or the guarantee."""

    id = models.UUIDField(primary_key=True, default=random_id)
    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="refunds")
    way = models.CharField(
        max_length=10
    )  # transfer (money to the account it came from), guarantee (the instrument back)
    state = models.CharField(max_length=12)  # waiting (for confirmation), ready, sent
    principal = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    because = models.TextField()
    rule = models.CharField(max_length=60)
    entitled_at = models.DateTimeField()
    due = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    interest = models.DecimalField(max_digits=20, decimal_places=2, default=0)
    serial = HiddenText(default="")
    next_try = models.DateTimeField(null=True, db_index=True)
    tries = models.IntegerField(default=0)


class Credit(models.Model):
    """One payment that came in, and the refund it went back with: money goes back the way it came."""

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="credits")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="credits")
    credit = HiddenText()
    payer_name = HiddenText()
    payer_account = HiddenText()
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    received_at = models.DateTimeField()


class BankCursor(models.Model):
    """How far the bank's incoming credits were read."""

    id = models.IntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

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
    credit = HiddenText(default="")
    payer_name = HiddenText(default="")
    payer_account = HiddenText(default="")
    paid_at = models.DateTimeField(null=True)
    secured_at = models.DateTimeField(null=True)
    guarantee_number = HiddenText(default="")
    guarantee_issuer = HiddenText(default="")
    guarantee_until = models.DateTimeField(null=True)


class Refund(models.Model):
    id = models.UUIDField(primary_key=True, default=random_id)
    deposit = models.OneToOneField(Deposit, on_delete=models.PROTECT, related_name="refund")
    state = models.CharField(max_length=12)  # waiting (for confirmation), ready, sent
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


class BankCursor(models.Model):
    """How far the bank's incoming credits were read."""

    id = models.IntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

"""State from publicity to contract."""

from django.db import models

from mingzheng.kernel.ids import new_id
from mingzheng.ledger.vault import HiddenText


class Result(models.Model):
    lot = models.UUIDField(primary_key=True)
    candidates = models.JSONField(default=list)
    published_at = models.DateTimeField()
    publicity = models.UUIDField()
    winner = models.UUIDField(null=True)
    winner_name = models.TextField(default="")
    bid = models.UUIDField(null=True)
    dealing = models.UUIDField(null=True)
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    decided_at = models.DateTimeField(null=True)
    notices_at = models.DateTimeField(null=True)
    award_notice = models.UUIDField(null=True)
    announcement = models.UUIDField(null=True)
    contract = models.UUIDField(null=True)
    contract_digest = models.CharField(max_length=80, default="")
    contract_signed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)


class Objection(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    lot = models.UUIDField(db_index=True)
    dealing = models.UUIDField()
    text = HiddenText()
    raised_at = models.DateTimeField()
    answer_due = models.DateTimeField()
    answer = models.TextField(default="")
    upheld = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)

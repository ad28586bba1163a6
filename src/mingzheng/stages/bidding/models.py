"""Sealed bids. The dealing id names nobody; the seal (which names the bidder's certificate) is hidden."""

from django.db import models
from django.db.models import Q

from mingzheng.ledger.vault import HiddenText


class Terms(models.Model):
    lot = models.UUIDField(primary_key=True)
    terms = models.JSONField()


class Bid(models.Model):
    id = models.UUIDField(primary_key=True)
    lot = models.UUIDField(db_index=True)
    dealing = models.UUIDField(db_index=True)
    number = models.IntegerField()
    submitted_at = models.DateTimeField()
    seal = HiddenText()
    certificate = HiddenText()
    file_digest = models.CharField(max_length=80)
    seal_digest = models.CharField(max_length=80)
    object = models.CharField(max_length=80)
    size = models.BigIntegerField()
    state = models.CharField(max_length=12, default="submitted")  # submitted, replaced, withdrawn

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealing"], condition=Q(state="submitted"), name="one_current_bid")
        ]


class Closing(models.Model):
    lot = models.UUIDField(primary_key=True)
    closed_at = models.DateTimeField()
    bids = models.JSONField(default=list)
    enough = models.BooleanField()

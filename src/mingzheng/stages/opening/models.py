"""State of openings. Content keys and sums are hidden until the reading act."""

from django.db import models

from mingzheng.kernel.ids import new_id
from mingzheng.ledger.vault import HiddenText


class Opening(models.Model):
    lot = models.UUIDField(primary_key=True)
    phase = models.CharField(max_length=12, default="list")
    opened_at = models.DateTimeField()
    seed = HiddenText()
    board_digest = models.CharField(max_length=80, default="")
    read_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    record = models.UUIDField(null=True)
    drawn = models.JSONField(default=list)


class SignIn(models.Model):
    """By dealing, so it names nobody."""

    dealing = models.UUIDField(primary_key=True)
    lot = models.UUIDField(db_index=True)
    at = models.DateTimeField()


class OpenedBid(models.Model):
    bid = models.UUIDField(primary_key=True)
    lot = models.UUIDField(db_index=True)
    dealing = models.UUIDField()
    number = models.IntegerField()
    state = models.CharField(
        max_length=12, default="waiting"
    )  # waiting, decrypted, contradicts, revoked, withdrawn, read
    content_key = HiddenText(default="")
    decrypted_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=10, default="")
    reason = models.TextField(default="")
    summary = models.JSONField(null=True)  # filled by the reading act
    confirmed_at = models.DateTimeField(null=True)


class HallObjection(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    lot = models.UUIDField(db_index=True)
    bidder = models.UUIDField()
    bidder_name = models.TextField()
    text = models.TextField()
    raised_at = models.DateTimeField()
    answer = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)

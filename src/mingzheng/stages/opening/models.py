"""State of openings. Content keys and sums are hidden until the reading act."""

from django.db import models

from mingzheng.kernel.ids import new_id
from mingzheng.ledger.vault import HiddenJSON, HiddenText


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
    files_checked_by = models.CharField(max_length=30, default="")  # set when no file waits any more


class FileCheck(models.Model):
    """What was found in one file of a read bid, and whether it is given out."""

    bid = models.UUIDField()
    lot = models.UUIDField(db_index=True)
    part = models.IntegerField()
    state = models.CharField(max_length=8, default="waiting")  # waiting, clear, warned, held
    engine = models.CharField(max_length=20, default="")  # the virus scanner that looked, if one did
    findings = HiddenJSON()  # a place inside a file may name what is in it
    tries = models.IntegerField(default=0)
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bid", "part"], name="file_checked_once")]


class PrivateWord(models.Model):
    """Words between one bidder and the host."""

    lot = models.UUIDField(db_index=True)
    dealing = models.UUIDField(db_index=True)
    role = models.CharField(max_length=10)  # bidder, host
    speaker = HiddenText()
    text = HiddenText()
    at = models.DateTimeField()


class HallObjection(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    lot = models.UUIDField(db_index=True)
    bidder = models.UUIDField()
    bidder_name = models.TextField()
    text = models.TextField()
    raised_at = models.DateTimeField()
    answer = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)

"""Volumes, files closed, their catalogues, packages made, and who looked something up."""

from django.db import models

from mingzheng.kernel.ids import new_id
from mingzheng.ledger.vault import HiddenText


class Volume(models.Model):
    """一项一档: one volume a procedure; every lot's file is a part of it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    procedure = models.UUIDField(unique=True)
    code = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    room = models.TextField(default="")


class File(models.Model):
    lot = models.UUIDField(primary_key=True)
    volume = models.ForeignKey(Volume, null=True, on_delete=models.PROTECT, related_name="files")
    closed_at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    streams = models.JSONField()
    documents = models.JSONField()
    closing_number = models.BigIntegerField(default=0)
    missing = models.JSONField(default=list)
    reason = models.TextField(default="")
    retain_until = models.DateTimeField(null=True)
    retain_rule = models.CharField(max_length=60, default="")
    state = models.CharField(max_length=10, default="closed")  # closed, ready, disposed
    path = models.TextField(default="")
    entries = models.IntegerField(default=0)
    manifest = models.CharField(max_length=80, default="")
    size = models.BigIntegerField(default=0)
    packed_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    checked_at = models.DateTimeField(null=True)


class Item(models.Model):
    """One line of a catalogue. `event` names the entry that made it (stream/number); paper and recordings are added by hand."""

    lot = models.UUIDField(db_index=True)
    number = models.IntegerField(null=True)  # given when the file closes
    category = models.CharField(max_length=20)
    title = models.TextField()
    medium = models.CharField(max_length=10, default="electronic")  # electronic, paper, recording
    source = models.CharField(max_length=8, default="auto")  # auto, manual
    event = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    extent = models.TextField()
    digest = models.CharField(max_length=80)
    reference = models.TextField(default="")
    shelf = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "number"], name="item_number_once")]


class Disposal(models.Model):
    """销毁: proposed after the retention ends, done when two others have approved."""

    lot = models.UUIDField(unique=True)
    reason = models.TextField()
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    approvals = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)


class Retention(models.Model):
    """Years files of a kind are kept here; never fewer than the rules ask for."""

    kind = models.CharField(max_length=40, primary_key=True)
    years = models.IntegerField()
    set_at = models.DateTimeField()


class Inquiry(models.Model):
    """档案查询: who wants to see which lines and why; approved for a time, or refused."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, unique=True)
    lot = models.UUIDField(db_index=True)
    items = models.JSONField()
    purpose = models.TextField()
    inquirer = models.UUIDField()
    on_paper_for = HiddenText(default="")
    filed_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="filed")  # filed, approved, refused
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    answer = models.TextField(default="")

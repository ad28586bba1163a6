"""State of notices and documents. Private to this stage. Whatever points to a bidder is ciphertext or a tag."""

from django.db import models

from mingzheng.kernel.ids import new_id, random_id
from mingzheng.ledger.vault import HiddenJSON, HiddenText


class DraftDocument(models.Model):
    """What the owner is writing; nobody else reads it and it is no fact yet."""

    lot = models.UUIDField(primary_key=True)
    template = models.CharField(max_length=60, default="")
    document = models.JSONField(default=dict)
    notice = models.JSONField(default=dict)
    times = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    saved_at = models.DateTimeField()


class Tender(models.Model):
    """The documents of a lot as they are in force."""

    lot = models.UUIDField(primary_key=True)
    version = models.IntegerField(default=1)
    published_at = models.DateTimeField(db_index=True)
    template = models.CharField(max_length=60)
    pack = models.TextField()
    fields = models.JSONField()
    notice = models.JSONField(default=dict)
    content_digest = models.CharField(max_length=80)
    criteria_digest = models.CharField(max_length=80)
    document_digest = models.CharField(max_length=80)
    notice_document = models.UUIDField()
    tender_document = models.UUIDField()
    reminded_for = models.DateTimeField(null=True)


class Clarification(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    lot = models.UUIDField(db_index=True)
    number = models.IntegerField()
    items = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    affects_bids = models.BooleanField()
    old_deadline = models.DateTimeField()
    new_deadline = models.DateTimeField(null=True)
    document = models.UUIDField()
    digest = models.CharField(max_length=80)
    author = models.TextField(default="")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "number"], name="clarification_number_once")]


class Submission(models.Model):
    """A paper on its way to one statutory medium, until its receipt is here and its copy compared."""

    lot = models.UUIDField(db_index=True)
    document = models.UUIDField()
    medium = models.CharField(max_length=80)
    digest = models.CharField(max_length=80)
    state = models.CharField(max_length=12, default="queued")  # queued, received, refused, differs
    commissioned_at = models.DateTimeField()
    next_try = models.DateTimeField(null=True, db_index=True)
    tries = models.IntegerField(default=0)
    reference = models.TextField(default="")
    url = models.TextField(default="")
    theirs = models.CharField(max_length=80, default="")
    received_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "medium"], name="document_once_a_medium")]


class Dealing(models.Model):
    """What one bidder does in one lot hangs on this row; its id says nothing, who it is stays encrypted."""

    id = models.UUIDField(primary_key=True, default=random_id)
    lot = models.UUIDField(db_index=True)
    tag = models.CharField(max_length=32, unique=True)  # of lot and organisation
    organisation = HiddenText()
    organisation_name = HiddenText()
    contact = HiddenJSON(default=dict)
    enrolled_at = models.DateTimeField()
    downloads = HiddenJSON(default=list)


class Question(models.Model):
    """A question; the asking dealing is encrypted, so that not even the database tells who asked."""

    id = models.UUIDField(primary_key=True, default=random_id)
    lot = models.UUIDField(db_index=True)
    dealing = HiddenText()
    text = HiddenText()  # people write their names into questions
    asked_at = models.DateTimeField()
    clarification = models.ForeignKey(Clarification, null=True, on_delete=models.PROTECT, related_name="questions")
    answer = models.TextField(default="")


class Unreadiness(models.Model):
    """The centre's report that an opening cannot take place; kept for supervision, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id)
    lot = models.UUIDField(db_index=True)
    cause = models.TextField()
    proposed = models.DateTimeField(null=True)
    handler = models.UUIDField()
    reported_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)


class Case(models.Model):
    """An objection to the documents (to the owner) or a complaint (to supervision). Who files it is encrypted."""

    id = models.UUIDField(primary_key=True, default=random_id)
    lot = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=12)  # objection, complaint
    subject = models.CharField(max_length=24)
    party = HiddenText()  # organisation
    person = HiddenText()
    text = HiddenText()
    digest = models.CharField(max_length=80)
    phase = models.CharField(max_length=16)
    in_time = models.BooleanField()
    filed_at = models.DateTimeField()
    forwarded_to = models.CharField(max_length=24)  # procuring_entity, supervision
    forwarded_at = models.DateTimeField()
    due = models.DateTimeField()
    state = models.CharField(max_length=12, default="open")  # open, taken, refused, closed
    reason = HiddenText(default="")
    answer = HiddenText(default="")
    closed_at = models.DateTimeField(null=True)


class Assistance(models.Model):
    """One entry of help in a case: asked by supervision, given by staff of the centre."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assistance")
    asked = models.TextField(default="")
    asked_at = models.DateTimeField(null=True)
    text = models.TextField(default="")
    attachment = models.CharField(max_length=80, default="")
    staff = models.UUIDField(null=True)
    given_at = models.DateTimeField(null=True)

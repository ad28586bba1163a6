"""The portal's tables; dropped and rebuilt at will."""

from django.db import models


class PortalLot(models.Model):
    """One lot as the public knows it."""

    lot = models.UUIDField(primary_key=True)
    procedure = models.UUIDField(db_index=True)
    code = models.CharField(max_length=40)
    number = models.IntegerField()
    lot_name = models.TextField()
    name = models.TextField(default="")
    announced_at = models.DateTimeField(null=True, db_index=True)
    opening_at = models.DateTimeField(null=True, db_index=True)
    place = models.TextField(default="")
    state = models.CharField(max_length=16, default="registered", db_index=True)
    suspended = models.BooleanField(default=False)
    bidders = models.IntegerField(null=True)
    publicity_ends = models.DateTimeField(null=True)
    winner_name = models.TextField(default="")
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    ceiling = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    awarded_at = models.DateTimeField(null=True, db_index=True)
    text = models.TextField(default="")  # what the search looks through


class PortalLine(models.Model):
    """One line of a lot's timeline, with its place in the platform log."""

    lot = models.UUIDField(db_index=True)
    number = models.BigIntegerField()
    position = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    title = models.TextField()
    sentence = models.TextField(default="")
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "number"], name="portal_line_once")]


class PortalPaper(models.Model):
    """A public paper: notice, clarification, publicity, result, termination."""

    document = models.UUIDField(primary_key=True)
    lot = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=40, db_index=True)
    title = models.TextField()
    at = models.DateTimeField(db_index=True)
    position = models.BigIntegerField(null=True)
    public = models.BooleanField(default=True)


class PortalPlan(models.Model):
    """A tender plan published ahead."""

    plan = models.UUIDField(primary_key=True)
    name = models.TextField()
    location = models.TextField(default="")
    owner = models.TextField()
    estimate = models.DecimalField(max_digits=20, decimal_places=2)
    expected_notice = models.DateTimeField()
    at = models.DateTimeField(db_index=True)
    position = models.BigIntegerField(null=True)

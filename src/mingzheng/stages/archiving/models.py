"""Files closed and packages made."""

from django.db import models


class File(models.Model):
    lot = models.UUIDField(primary_key=True)
    closed_at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    streams = models.JSONField()
    documents = models.JSONField()
    closing_number = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default="closed")  # closed, ready
    path = models.TextField(default="")
    entries = models.IntegerField(default=0)
    manifest = models.CharField(max_length=80, default="")
    size = models.BigIntegerField(default=0)
    packed_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

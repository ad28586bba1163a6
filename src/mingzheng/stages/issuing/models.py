"""Each filed paper with its code and what became of its seal. Private to this stage."""

from django.db import models


class Paper(models.Model):
    """`state`: plain (nothing to seal), waiting, sealed, left (the lot's file was closed before it could be sealed)."""

    document = models.UUIDField(primary_key=True)
    lot = models.UUIDField(db_index=True)
    code = models.CharField(max_length=40, db_index=True)
    paper = models.CharField(max_length=80, db_index=True)  # digest as filed
    state = models.CharField(max_length=8)
    tries = models.IntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    problem = models.TextField(default="")
    digest = models.CharField(max_length=80, default="", db_index=True)
    size = models.BigIntegerField(default=0)
    object = models.CharField(max_length=80, default="")
    sealed_at = models.DateTimeField(null=True)
    holder = models.TextField(default="")
    certificate = models.CharField(max_length=80, default="")
    stamp = models.CharField(max_length=64, default="")
    signature = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["state", "next_try"], name="issuing_due")]

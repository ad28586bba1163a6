"""State of evaluations. Who sits where and what they score is hidden."""

from django.db import models

from mingzheng.ledger.vault import HiddenJSON, HiddenText


class Evaluation(models.Model):
    lot = models.UUIDField(primary_key=True)
    method = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="formed")  # formed, scoring, signing, finished
    formed_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    chair = models.IntegerField(null=True)
    version = models.IntegerField(default=1)
    outcome = HiddenJSON(default=dict)
    report = models.UUIDField(null=True)
    all_rejected = models.BooleanField(default=False)
    draw = HiddenJSON(default=dict)


class Member(models.Model):
    lot = models.UUIDField(db_index=True)
    seat = models.IntegerField()
    person_tag = models.CharField(max_length=32, db_index=True)
    person = HiddenText()
    kind = models.CharField(max_length=16)  # expert, representative
    source = models.CharField(max_length=12)  # drawn, appointed
    active = models.BooleanField(default=True)
    signed_in_at = models.DateTimeField(null=True)
    declared_at = models.DateTimeField(null=True)
    recused = models.BooleanField(default=False)
    vote = models.IntegerField(null=True)
    committed_at = models.DateTimeField(null=True)
    scores = HiddenJSON(default=dict)
    opinions = HiddenJSON(default=dict)
    signed_at = models.DateTimeField(null=True)
    certificate = HiddenText(default="")
    dissent = HiddenText(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "seat"], condition=models.Q(active=True), name="one_member_a_seat")
        ]

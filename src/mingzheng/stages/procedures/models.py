"""State of the spine. Private to this stage."""

from django.db import models
from django.db.models import Q

from mingzheng.kernel.ids import new_id
from mingzheng.ledger.vault import HiddenText


class TenderPlan(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    procuring_entity = models.UUIDField(db_index=True)
    name = models.TextField()
    location = models.TextField(default="")
    content = models.TextField()
    estimate = models.DecimalField(max_digits=20, decimal_places=2)
    expected_notice = models.DateTimeField()
    published_at = models.DateTimeField()


class Procedure(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=40, unique=True)
    name = models.TextField()
    kind = models.CharField(max_length=40)
    mandatory = models.BooleanField(default=True)
    procuring_entity = models.UUIDField(db_index=True)
    agency = models.UUIDField(null=True, db_index=True)
    plan = models.ForeignKey(TenderPlan, null=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(default=dict)
    prompts = models.JSONField(default=list)
    channel = models.CharField(max_length=10, default="online")
    state = models.CharField(max_length=20, default="submitted")
    entered_by = models.UUIDField(null=True)  # staff at the counter
    submitted_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)  # submitted or supplemented last: what the promised time counts from
    overdue_told_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
    service_responsible = models.UUIDField(null=True)
    service_name = models.TextField(default="")
    service_phone = models.TextField(default="")
    project_code = models.CharField(max_length=17, default="")
    tender_project_code = models.CharField(max_length=20, default="")


class ToldOnce(models.Model):
    """One paper asked for in a return round."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="told")
    round = models.IntegerField()
    item = models.TextField()
    late = models.BooleanField(default=False)
    reason = models.TextField(default="")
    supplied = models.TextField(default="")


class Lot(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="lots")
    number = models.IntegerField()
    name = models.TextField()
    estimate = models.DecimalField(max_digits=20, decimal_places=2)
    content = models.JSONField(default=dict)
    section_code = models.CharField(max_length=23, default="")
    unified_deal_code = models.CharField(max_length=40, default="")
    pack = models.TextField(default="")
    profiles = models.JSONField(default=list)
    suite = models.CharField(max_length=12, default="INTL-1")
    standing = models.CharField(max_length=12, default="running")
    phase = models.CharField(max_length=16, default="registered")
    cause = models.CharField(max_length=40, default="")
    suspended_at = models.DateTimeField(null=True)
    retender_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["procedure", "number"], name="lot_number_once")]


class PhaseReached(models.Model):
    """When a lot came to a phase, for the stage rail."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="reached")
    phase = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "phase"], name="phase_once")]


class Appointment(models.Model):
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="appointments")
    part = models.CharField(max_length=20)
    person = models.UUIDField()
    organisation = models.UUIDField()
    appointed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "part"], condition=Q(ended_at=None), name="one_person_a_part")
        ]


class Clock(models.Model):
    """The one home of every due time of a lot."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="clocks")
    name = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    due = models.DateTimeField(db_index=True)
    because = models.TextField(default="")
    rule = models.CharField(max_length=60, default="")
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="running")  # running, paused, done
    left_seconds = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "name"], name="clock_once")]


class Hold(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="holds")
    act = models.CharField(max_length=60)
    by = models.TextField()
    subject = models.UUIDField(null=True)
    lifted_by = models.TextField()
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)


class DrawSeed(models.Model):
    """The seed of a draw to come; its commitment stands in the lot's chain since it was made."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20)
    number = models.IntegerField()
    seed = HiddenText()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "purpose", "number"], name="seed_number_once"),
            models.UniqueConstraint(fields=["lot", "purpose"], condition=Q(used_at=None), name="one_seed_waits"),
        ]


class Serial(models.Model):
    """Counters for the national numbers."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.BigIntegerField(default=0)


class Document(models.Model):
    """A paper of a lot: the stored PDF, its digest, and who may read it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=40)
    title = models.TextField()
    digest = models.CharField(max_length=80)
    size = models.BigIntegerField()
    object = models.CharField(max_length=80)
    public = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    signers = models.JSONField(default=list)
    addressee = models.UUIDField(null=True)

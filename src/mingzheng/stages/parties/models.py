"""State of parties. Private to this stage. Whatever names somebody is ciphertext; `tag` columns are for look-ups."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mingzheng.kernel.ids import new_id, random_id
from mingzheng.ledger.vault import HiddenJSON, HiddenText


class Organisation(models.Model):
    id = models.UUIDField(primary_key=True, default=random_id)
    name = HiddenText()
    code = HiddenText()
    tag = models.CharField(max_length=32, unique=True)  # of the credit code
    kinds = ArrayField(models.CharField(max_length=24))
    contact = HiddenJSON()  # address, phone, email, region
    registered_at = models.DateTimeField()


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=random_id)
    name = HiddenText()
    login = HiddenText()
    tag = models.CharField(max_length=32, unique=True)  # of the login name
    phone = HiddenText()
    email = HiddenText()
    profile = HiddenJSON()  # experts: employer, specialties, title
    active = models.BooleanField(default=True)
    added_at = models.DateTimeField()


class Membership(models.Model):
    """A person holds a role in an organisation; the role `member` stands for being there at all."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, db_index=True)
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], condition=Q(withdrawn_at=None), name="role_held_once"
            ),
            # three administrators are three people, whatever a command forgot
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(withdrawn_at=None, role__in=["system_admin", "security_admin", "audit_admin"]),
                name="three_administrators",
            ),
        ]


class Certificate(models.Model):
    tag = models.CharField(max_length=32, unique=True)  # of the fingerprint
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="certificates")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="certificates")
    fingerprint = HiddenText()
    serial = HiddenText()
    issuer = HiddenText()
    pem = HiddenText()
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    reason = HiddenText()


class Credential(models.Model):
    """Password and authenticator: reading and drafts only."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="credential")
    password = models.TextField(default="")
    totp = HiddenText()
    totp_next = HiddenText()  # made, not yet confirmed
    totp_step = models.BigIntegerField(default=0)  # a code is good once
    changed_at = models.DateTimeField()


class Failures(models.Model):
    """Failed password logins of one login name, existing or not, in real time; the name is only a tag."""

    tag = models.CharField(max_length=32, primary_key=True)
    times = ArrayField(models.DateTimeField(), default=list)
    suppressed = models.IntegerField(default=0)


class AuthorityUse(models.Model):
    """Logins and refusals per certificate authority (SD-3.4.2-2)."""

    issuer = models.TextField(primary_key=True)
    logins = models.BigIntegerField(default=0)
    refusals = models.BigIntegerField(default=0)


class Authorisation(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    principal = models.UUIDField(db_index=True)
    agency = models.UUIDField(db_index=True)
    procedure = models.UUIDField(null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")


class LoginSession(models.Model):
    """One login until it ends. `started` and `seen` are real time: a demo's clock jumps must log nobody out."""

    id = models.UUIDField(primary_key=True, default=random_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="logins")
    organisation = models.UUIDField()
    strength = models.CharField(max_length=12)
    certificate = HiddenText()
    address = HiddenText()
    began_at = models.DateTimeField()  # the deployment's time
    ended_at = models.DateTimeField(null=True)
    started = models.DateTimeField()
    seen = models.DateTimeField()
    why_ended = models.CharField(max_length=12, default="")


class TrailLine(models.Model):
    """One operation of one account, drawn from the ledger by `reader.py`; dropped and drawn again at will."""

    seq = models.BigIntegerField(primary_key=True)
    tag = models.CharField(max_length=32, db_index=True)  # of the person
    at = models.DateTimeField()
    line = HiddenJSON()


class Assessment(models.Model):
    """An assessment of the deployment under the graded protection of networks (GB/T 22239)."""

    number = models.CharField(max_length=60, unique=True)
    level = models.SmallIntegerField()
    body = models.TextField()
    issued = models.DateField()
    valid_until = models.DateField()
    recorded_at = models.DateTimeField()


class Access(models.Model):
    """Who looked at what: the access log. Not in the ledger (reading is no act), with its own retention, all hidden."""

    tag = models.CharField(max_length=32)  # of the person
    at = models.DateTimeField()
    line = HiddenJSON()

    class Meta:
        indexes = [models.Index(fields=["tag", "-id"], name="access_by_person")]


class Warning(models.Model):
    """A security warning for the audit administrator."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=24)
    tag = models.CharField(max_length=32)  # of the person
    raised_at = models.DateTimeField()
    line = HiddenJSON()

"""The certificate of the network-protection assessment is kept by the system administrator (ZB-4.4.2)."""

from datetime import date, datetime

from mingzheng.kernel.actor import Actor
from mingzheng.ledger.writing import command
from mingzheng.stages.parties import events, models, rules


@command(by={"system_admin"}, binds=True)
def record_assessment(
    *, actor: Actor, at: datetime, number: str, level: int, body: str, issued: date, valid_until: date
) -> events.AssessmentRecorded:
    """Record the certificate of an assessment: number, level, who assessed, from when until when it is good."""
    rules.check_assessment(level, issued, valid_until, at.date())
    _, fresh = models.Assessment.objects.get_or_create(
        number=number, defaults={"level": level, "body": body, "issued": issued, "valid_until": valid_until, "recorded_at": at}
    )  # fmt: skip
    if not fresh:
        raise rules.ASSESSMENT_KNOWN(number=number)
    return events.AssessmentRecorded(level=level, number=number, body=body, issued=issued, valid_until=valid_until)

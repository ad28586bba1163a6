"""Timers: what has outlived its time is swept away."""

from importlib import import_module

from django.conf import settings

from mingzheng.kernel import clock, ports
from mingzheng.kernel.actor import SYSTEM
from mingzheng.kernel.job import job
from mingzheng.ledger.writing import acting_as
from mingzheng.stages.parties import changes, commands, queries


@job(seconds=3600)
def sweep() -> int:
    """Expired web sessions, old failures, and lines of the access log past their retention."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    with acting_as("parties.sweep"):
        return changes.sweep(clock.now(), clock.real())


@job(seconds=600, slow=True)
def follow_authorities() -> int:
    """Fetch the authorities' revocation lists and put out of use, at once and in the ledger, what they revoke.

    A procedure under way goes on: what was signed before stands; whoever is concerned enrols a new certificate.
    """
    certificates, at = ports.get("certificates"), clock.now()
    certificates.refresh_revocations(at)
    ended = 0
    for one in queries.standing_certificates():
        since = certificates.listed_since(one.pem, at)
        if since is not None:
            reason = f"发证机构 {since.astimezone(clock.UTC8):%Y-%m-%d %H:%M} 吊销"
            commands.revoke_certificate(actor=SYSTEM, fingerprint=one.fingerprint, reason=reason)
            ended += 1
    return ended

"""An agency on a project: nothing without an authorisation, in its own name and on behalf of its principal with one."""

from datetime import timedelta

import pytest

from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel.refusal import REFUSALS
from mingzheng.ledger.reading import stream_entries
from mingzheng.stages.parties import queries


@pytest.mark.clause("RG-7.1-5")
def test_an_agency_acts_only_under_an_authorisation_on_behalf_of_its_principal_until_it_is_revoked(world, cast):
    from tests import journey

    journey.register(world)
    agency, water = cast.agency, cast.owner
    for given in queries.authorisations(agency=agency.organisation):
        water.do("parties.revoke_authorisation", authorisation=given.id, reason="合同终止")

    refused = agency.refused("tendering.publish_notice", lot=world.lot, confirmation="x")
    assert REFUSALS[refused.code].status == 403
    assert "RG-7.1-5" in REFUSALS[refused.code].source

    given = water.do(
        "parties.authorise_agency", agency=agency.organisation, procedure=world.procedure,
        valid_until=kernel_clock.now() + timedelta(days=90),
    )  # fmt: skip
    journey.announce(world, by=agency)
    notice = [e for e in stream_entries(f"lot:{world.lot}") if e.kind == "tendering.notice-published"][-1]
    assert notice.actor["organisation"] == str(agency.organisation)
    assert notice.actor["on_behalf_of"] == str(water.organisation)

    entries = len(stream_entries(f"lot:{world.lot}"))
    water.do("parties.revoke_authorisation", authorisation=given.event.authorisation, reason="更换代理机构")
    assert agency.refused("procedures.suspend_lot", lot=world.lot, reason="x", basis="x").code == refused.code
    assert len(stream_entries(f"lot:{world.lot}")) == entries

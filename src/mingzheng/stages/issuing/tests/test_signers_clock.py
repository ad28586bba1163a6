"""The deployment's clock is asked before the signer's event loop begins: a demo's clock stands in the database."""

import asyncio
from datetime import datetime

import pytest
from tests.journey import announce, register
from tests.seals import sealing

from mingzheng.kernel import clock, ports
from mingzheng.stages.issuing import queries
from mingzheng.stages.procedures import queries as procedures


@pytest.mark.django_db
def test_nobody_asks_for_the_time_from_inside_the_signers_event_loop(world, monkeypatch):
    with sealing():
        register(world)
        announce(world)
        paper = ports.get("store").read(procedures.document(queries.of_lot(world.lot)[0].document).object)
        frozen = clock.now()

        def as_a_database_would() -> datetime:
            with pytest.raises(RuntimeError, match="no running event loop"):
                asyncio.get_running_loop()
            return frozen

        monkeypatch.setattr(clock, "_source", as_a_database_would)
        made = ports.get("paper_seals").seal(paper, frozen)
    assert made.at == frozen.replace(microsecond=0)

"""What the program's own log says, and what it does not."""

import io
import logging
import sys

from django.db import OperationalError

from mingzheng.site.logs import DatabaseAway


def told(fault: Exception) -> str:
    """What a handler with the filter writes about a request that failed with this."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(DatabaseAway())
    logger = logging.Logger("of this test")
    logger.addHandler(handler)
    try:
        raise fault
    except type(fault):
        logger.error("%s: %s", "Service Unavailable", "/act/x", exc_info=sys.exc_info())
    return written.getvalue()


def test_a_database_that_does_not_answer_is_one_line():
    said = told(OperationalError("connection failed\nDETAIL: recovery"))
    assert said == "Service Unavailable: /act/x: OperationalError: connection failed\n"


def test_any_other_fault_keeps_its_places():
    said = told(RuntimeError("of ours"))
    assert said.startswith("Service Unavailable: /act/x\nTraceback")
    assert "RuntimeError: of ours" in said

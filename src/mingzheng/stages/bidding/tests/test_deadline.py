"""The deadline to the microsecond."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingzheng.kernel import clock
from mingzheng.kernel.refusal import Refused
from mingzheng.stages.bidding import rules

DEADLINE = datetime(2026, 3, 23, 9, 30, tzinfo=clock.UTC8)


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_a_bid_is_in_time_exactly_before_the_deadline(microseconds):
    at = DEADLINE + timedelta(microseconds=microseconds)
    if microseconds < 0:
        rules.may_submit(at, DEADLINE)
        return
    with pytest.raises(Refused) as refused:
        rules.may_submit(at, DEADLINE)
    assert refused.value.code == "bidding.too-late"
    assert refused.value.facts["deadline"] == DEADLINE

"""What the timeline of a lot says of an event."""

from uuid import uuid4

import pytest
from django.utils import translation

from mingzheng.readers.portal.sentences import line
from mingzheng.site.answers import sentence
from mingzheng.stages.procedures.events import PersonAppointed


@pytest.mark.parametrize(
    ("part", "chinese", "english"),
    [("host", "主持人", "Host"), ("witness", "见证人", "Witness"), ("supervisor", "监督人员", "Supervisor")],
)
def test_an_appointment_says_for_which_part_in_either_language(part, chinese, english):
    event = PersonAppointed(lot=uuid4(), part=part, person=uuid4(), organisation=uuid4(), centre="")
    told = line("procedures.person-appointed", event)
    assert told is not None
    assert sentence(told[1], told[2]) == chinese
    with translation.override("en"):
        assert sentence(told[1], told[2]) == english

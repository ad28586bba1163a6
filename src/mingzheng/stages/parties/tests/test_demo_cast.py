"""The demo centre's people."""

import pytest

from mingzheng.site import demo
from mingzheng.stages.parties import queries

pytestmark = pytest.mark.django_db


def test_the_cast_is_loaded_once_and_loading_again_changes_nothing():
    demo.load()
    files = {one.login: one.key_file.read_text() for one in demo.cast()}
    demo.load()
    assert {one.login: one.key_file.read_text() for one in demo.cast()} == files
    assert len(queries.people_with("expert")) == 7
    assert len(queries.organisations("bidder")) == 5
    for one in demo.cast():
        person = queries.person_by_login(one.login)
        assert set(one.roles) <= queries.roles_of(person)
        assert one.name not in files[one.login]

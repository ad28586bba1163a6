"""Web sessions and the database they are kept in."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError

from mingzheng.site.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    store = SessionStore()
    store["login"] = "one"
    store.save()
    store["login"] = "another"
    return store


def test_a_database_lost_while_a_session_is_saved_is_told_as_that_and_not_as_a_session_that_was_deleted(
    kept, monkeypatch
):
    def lost(self, **named):
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(Session, "save", lost)
        with pytest.raises(OperationalError):
            kept.save()
    kept.save()
    assert SessionStore(kept.session_key)["login"] == "another"


def test_a_session_that_was_deleted_meanwhile_does_not_come_back(kept):
    SessionStore(kept.session_key).delete()
    with pytest.raises(UpdateError):
        kept.save()

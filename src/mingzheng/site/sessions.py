"""Where web sessions are kept: in the database, their content encrypted by the vault and their key only as a tag.

Whoever reads a dump of the database sees neither who is logged in nor a key that would open anybody's session.
"""

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidTag
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as Kept
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import InterfaceError, OperationalError

from mingzheng.kernel import clock
from mingzheng.ledger import vault

ABOUT = "web session"


class SessionStore(Kept):
    """Django's database store with hidden keys and contents. A content that cannot be read is an empty session."""

    def _stored_key(self) -> str:
        return vault.tag(ABOUT, self.session_key)

    def encode(self, session_dict: dict[str, Any]) -> str:
        plain = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(vault.hide(plain, ABOUT)).decode("ascii")

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        try:
            found = json.loads(vault.reveal(base64.b64decode(session_data), ABOUT))
        except (InvalidTag, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        row = self.model.objects.filter(session_key=self._stored_key(), expire_date__gt=_now()).first()
        if row is None:
            self._session_key = None
        return row

    def save(self, must_create: bool = False) -> None:
        """Keep the session. A database that was lost is told as that: Django takes it for a session that was deleted."""
        try:
            super().save(must_create=must_create)
        except UpdateError as said:
            if isinstance(said.__context__, OperationalError | InterfaceError):
                raise said.__context__ from None
            raise

    def exists(self, session_key: str | None = None) -> bool:
        return self.model.objects.filter(session_key=vault.tag(ABOUT, session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = self._stored_key()
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=vault.tag(ABOUT, key)).delete()

    async def _aget_session_from_db(self) -> AbstractBaseSession | None:
        row = await self.model.objects.filter(session_key=self._stored_key(), expire_date__gt=_now()).afirst()
        if row is None:
            self._session_key = None
        return row

    async def aexists(self, session_key: str) -> bool:
        return await self.model.objects.filter(session_key=vault.tag(ABOUT, session_key)).aexists()

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = await super().acreate_model_instance(data)
        row.session_key = self._stored_key()
        return row

    async def adelete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            await self.model.objects.filter(session_key=vault.tag(ABOUT, key)).adelete()


def _now() -> Any:
    """Sessions run out in real time (Django sets their end by it too)."""
    return clock.real()

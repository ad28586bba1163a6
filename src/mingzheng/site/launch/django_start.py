"""What commands that need Django do first: find a database, then set Django up."""

from __future__ import annotations

import atexit
import os

from mingzheng.site.launch.checkout import checkout


def set_up() -> None:
    """Set Django up. Without DATABASE_URL the checkout's own server is used and let go of when the process ends."""
    if not os.environ.get("DATABASE_URL"):
        from mingzheng.site.launch.postgres import ensure_postgres

        server = ensure_postgres(checkout())
        atexit.register(server.stop)
        os.environ["DATABASE_URL"] = server.url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingzheng.site.settings")
    import django

    django.setup()

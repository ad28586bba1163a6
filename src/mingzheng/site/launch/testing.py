"""Pytest plugin: a PostgreSQL for the tests of this checkout, before Django is set up.

Loaded with `-p mingzheng.site.launch.testing`. Every run has databases of its own, so several runs of one checkout may
go on at once; those of killed runs are swept by the next. The migrations are played once into a template database,
which each worker copies.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from mingzheng.site.launch.browser import MISSING, find_browser
from mingzheng.site.launch.leftovers import own_folder, sweep_databases
from mingzheng.site.launch.postgres import TEST_ROLE, Server, ensure_postgres

CHECKOUT = Path(__file__).parents[4]
DATABASES = ("test_mz", "making_mz")
KEEP_TEMPLATES_SECONDS = 3600
_server: Server | None = None
_state: Path | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Set DATABASE_URL, MINGZHENG_MODE and MINGZHENG_STATE before pytest-django reads the settings."""
    global _server
    os.environ.setdefault("MINGZHENG_MODE", "test")
    _give_state_folder()
    if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker inherits the address from the run that made it
        os.environ["MINGZHENG_TEST_SERVER"] = os.environ.get("DATABASE_URL", "")
        _server = ensure_postgres(CHECKOUT)
        sweep_databases(_server, DATABASES)
        os.environ["DATABASE_URL"] = _server.address(f"mz{os.getpid()}", role=TEST_ROLE)
        template = _template(_server)
        if template is not None:
            os.environ["MINGZHENG_TEST_TEMPLATE"] = template
    return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Let Django copy the template instead of playing every migration again in every worker."""
    from django.conf import settings

    template = os.environ.get("MINGZHENG_TEST_TEMPLATE")
    if template and settings.configured:
        from django.db import connections

        connections.settings["default"]["TEST"]["TEMPLATE"] = template


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser its tests are skipped, which CI does not allow (CI=true)."""
    wanting = [item for item in items if item.get_closest_marker("browser")]
    if not wanting or find_browser() is not None:
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(f"{len(wanting)} browser tests cannot run: {MISSING}")
    for item in wanting:
        item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the server and remove this run's state folder."""
    if _server is not None:
        sweep_databases(_server, DATABASES, also=os.getpid())
        _server.stop()
    if _state is not None:
        shutil.rmtree(_state, ignore_errors=True)


def _give_state_folder() -> None:
    global _state
    if "MINGZHENG_STATE" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:
        _state = own_folder("mingzheng-test-")
        os.environ["MINGZHENG_STATE"] = str(_state)


def _template(server: Server) -> str | None:
    """The name of a migrated database to copy; None when there are no settings yet or the migrations do not play."""
    if not (CHECKOUT / "src/mingzheng/site/settings.py").exists():
        return None
    suffix = _fingerprint()
    known = server.databases("template_mz_")
    for name in known:
        if name.endswith(suffix):
            return name
    making = f"making_mz{os.getpid()}"
    address = server.create_database(making, owner=TEST_ROLE)
    played = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity=0"],
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "mingzheng.site.settings"},
        capture_output=True,
        check=False,
    )
    if played.returncode != 0:  # pytest-django will meet the same error and show it where it belongs
        server.drop_database(making)
        return None
    now = int(time.time())
    for name in known:
        with contextlib.suppress(ValueError):
            if now - int(name.split("_")[2]) > KEEP_TEMPLATES_SECONDS:
                server.drop_database(name)
    server.rename_database(making, f"template_mz_{now}_{suffix}")
    return f"template_mz_{now}_{suffix}"


def _fingerprint() -> str:
    """A digest of everything that decides what a migrated database looks like."""
    source = CHECKOUT / "src/mingzheng"
    paths = [*source.rglob("migrations/*.py"), *source.rglob("*.sql"), source / "site/settings.py"]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(source)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]

"""The checkout that each test fills."""

from pathlib import Path

import pytest
from checkouts import Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """An empty checkout outside any repository."""
    return Checkout(tmp_path)

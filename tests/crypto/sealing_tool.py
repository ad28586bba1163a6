"""The page's TypeScript, run by Node: its own tests, and a tool that seals, opens, releases and signs."""

import os
import subprocess
from pathlib import Path

import pytest

from mingzheng.site.launch.node import find_node

FRONTEND = Path(__file__).parents[2] / "frontend"
RUN = FRONTEND / "ts" / "sealing" / "tests" / "run.mjs"
PASSWORD = "密码-12345678"


def node() -> str:
    """Node's program: the machine's, else the one that setup brought."""
    found = find_node()
    assert found is not None, "there is no Node (make setup brings one)"
    return found


def run(*arguments: str) -> str:
    if not (FRONTEND / "node_modules" / "esbuild").exists():
        said = "the front end's packages are not installed (make setup): the browser's sealing code is NOT TESTED"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    done = subprocess.run([node(), str(RUN), *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout

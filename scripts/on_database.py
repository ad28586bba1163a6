"""Run a command with DATABASE_URL set to this checkout's server, which is started for it when it does not run."""

import os
import subprocess
import sys
from pathlib import Path

from mingzheng.site.launch.postgres import ensure_postgres

server = ensure_postgres(Path(__file__).parents[1])
try:
    status = subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": server.url}, check=False).returncode
finally:
    server.stop()
sys.exit(status)

#!/usr/bin/env bash
# The full sizes of the issues, part by part (scripts/acceptance.py); ONLY=kills,matrix plays some.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python scripts/acceptance.py

#!/usr/bin/env bash
# The full sizes: real tenders through a server of their own, every archive verified elsewhere, 1,000 forgeries.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python scripts/acceptance.py

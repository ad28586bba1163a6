#!/usr/bin/env bash
# Everything CI runs: browser, checks, tests, conformance. The tests run even when a check failed; either fails the run.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh
result=0
scripts/browser.sh || result=1
scripts/check.sh || result=1
use_node # some tests run the front end's own code
step 'tests'
mkdir -p build
.venv/bin/pytest -n 2 --dist loadgroup --durations 10 || result=$?
if [ -f src/mingzheng/site/conformance/command.py ]; then
  .venv/bin/mingzheng conformance >build/conformance.txt 2>&1 || { tail -n 30 build/conformance.txt; result=1; }
fi
[ "$result" = 0 ] || fail "make test failed (status $result)."
exit "$result"

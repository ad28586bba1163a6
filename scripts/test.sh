#!/usr/bin/env bash
# Everything CI runs: browser, checks, tests, conformance. The tests run even when a check failed; either fails the run.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh
failed=()
scripts/browser.sh || failed+=('browser')
scripts/clamav.sh || failed+=('virus scanner')
scripts/check.sh || failed+=('make check (its failed checks are named above the tests)')
use_node # some tests run the front end's own code
step 'tests'
mkdir -p build
.venv/bin/pytest -n 2 --dist loadgroup --durations 10 || failed+=("pytest (exit status $?)")
step 'the tests that depend on the suite, in GM-1'
MINGZHENG_SUITE=GM-1 .venv/bin/pytest -m both_suites -n 2 --dist loadgroup --durations 5 || failed+=("pytest in GM-1 (exit status $?)")
if [ -f src/mingzheng/site/conformance/command.py ]; then
  .venv/bin/mingzheng conformance >build/conformance.txt 2>&1 || { tail -n 30 build/conformance.txt; failed+=('mingzheng conformance'); }
fi
[ ${#failed[@]} = 0 ] || fail 'make test failed in:' "${failed[@]}"

#!/usr/bin/env bash
# Everything that can be said about the source without running the tests. All checks run; the failed ones are named.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh
export DJANGO_SETTINGS_MODULE=mingzheng.site.settings MINGZHENG_MODE=test
MINGZHENG_STATE=$(mktemp -d)
export MINGZHENG_STATE
trap 'rm -rf "$MINGZHENG_STATE"' EXIT
failed=()

check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    step "ok      $name"
    printf '%s\n' "$output" | sed -n 's/^note: /        note: /p'
  else
    step "FAILED  $name"
    printf '%s\n' "$output" | tail -n 60
    failed+=("$name")
  fi
}

bin=.venv/bin
check 'ruff check' "$bin/ruff" check --quiet --output-format concise src tests scripts
check 'ruff format' "$bin/ruff" format --check --output-format concise src tests scripts
check 'types (mypy)' "$bin/mypy"
[ -f .importlinter ] && check 'import contracts' "$bin/lint-imports" --no-cache
if [ -f src/mingzheng/site/settings.py ]; then
  check 'migrations are complete' "$bin/python" scripts/on_database.py "$bin/python" -m django makemigrations --check --dry-run
  check 'system checks' "$bin/python" scripts/on_database.py "$bin/python" -m django check
  check 'templates' "$bin/python" scripts/check_templates.py
fi
[ -f scripts/translations.py ] && check 'translations' "$bin/python" scripts/translations.py
use_node
[ -d frontend/node_modules ] && check 'types of the front end' npm --prefix frontend run --silent check
for script in sizes names documents traces lock dependencies secrets; do
  check "$script" "$bin/python" "scripts/check_$script.py"
done
if [ ${#failed[@]} -gt 0 ]; then
  fail 'Checks failed:' "${failed[@]}"
fi

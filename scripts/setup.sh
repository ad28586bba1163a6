#!/usr/bin/env bash
# Install everything into this checkout. Quick when nothing changed: every step keeps a digest of what it was made from.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

find_python() {
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail 'Python 3.11, 3.12 or 3.13 is needed. Install it:' 'apt-get install python3 python3-venv'
}

make_environment() {
  local python=$1
  step "making .venv with $("$python" --version)"
  rm -rf .venv
  if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv .venv
  elif "$python" -c 'import virtualenv' 2>/dev/null; then
    "$python" -m virtualenv --quiet .venv
  elif command -v uv >/dev/null 2>&1; then
    uv venv --quiet --seed --python "$python" .venv
  elif "$python" -m pip --version >/dev/null 2>&1; then
    step 'python3-venv is not here: bringing virtualenv into .data/bootstrap instead'
    "$python" -m pip install -qq --disable-pip-version-check --target .data/bootstrap virtualenv
    PYTHONPATH=.data/bootstrap "$python" -m virtualenv --quiet .venv
    rm -rf .data/bootstrap
  elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    step 'python3-venv is not here: installing it (apt-get install python3-venv)'
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
    "$(PATH=/usr/bin:/bin command -v python3)" -m venv .venv
  else
    fail 'This Python cannot make virtual environments. Install what it lacks, then run make again:' \
      'sudo apt-get install python3-venv'
  fi
}

install_packages() {
  local stamp=.venv/.packages now python
  if ! .venv/bin/python -c 'import pip' >/dev/null 2>&1; then
    python=$(find_python)
    make_environment "$python"
  fi
  now=$(printf '%s\n' requirements.lock pyproject.toml | digest)-$(pwd | sha256sum | cut -c1-8)
  if [ -x .venv/bin/mingzheng ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then return; fi
  step "installing $(grep -c == requirements.lock) packages (under a minute)"
  .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --progress-bar off -r requirements.lock
  .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-deps -e .
  printf '%s\n' "$now" >"$stamp"
}

build_front_end() {
  [ -f frontend/package.json ] || return 0
  local built=src/mingzheng/static/built now
  now=$({ find frontend -name node_modules -prune -o -type f -print; echo src/mingzheng/ledger/static_page/verify-receipt.html; } | digest)
  if [ "$(cat "$built/.made-from" 2>/dev/null)" = "$now" ]; then return; fi
  use_node
  if [ "$(cat frontend/node_modules/.made-from 2>/dev/null)" != "$(echo frontend/package-lock.json | digest)" ]; then
    step "installing the front end's packages"
    npm --prefix frontend ci --no-audit --no-fund --no-progress --loglevel=error
    echo frontend/package-lock.json | digest >frontend/node_modules/.made-from
  fi
  step 'building the front end'
  npm --prefix frontend run --silent build
  mkdir -p "$built"
  printf '%s\n' "$now" >"$built/.made-from"
}

compile_translations() {
  [ -f scripts/translations.py ] || return 0
  local made=src/mingzheng/locale/en/LC_MESSAGES/django.mo now
  now=$(find locale -name '*.po' | digest)
  if [ -f "$made" ] && [ "$(cat .venv/.translations 2>/dev/null)" = "$now" ]; then return; fi
  step 'compiling the translations'
  .venv/bin/python scripts/translations.py --compile
  printf '%s\n' "$now" >.venv/.translations
}

install_packages
build_front_end
compile_translations

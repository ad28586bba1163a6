# Sourced by the other scripts: steps with times, and words for what is missing.
shopt -s nullglob
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

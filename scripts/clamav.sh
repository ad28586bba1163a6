#!/usr/bin/env bash
# A virus scanner for the tests of files after opening: Debian's, installed where we may. Only an ordinary user may go without.
# Its signatures are not fetched: the tests bring a signature file of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

have_scanner() { PATH=$PATH:/usr/sbin command -v clamd >/dev/null 2>&1; }

if have_scanner; then exit; fi
wanted='clamav-daemon'
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  step "installing $wanted (about 20 MB)"
  apt-get update -qq >/dev/null
  # Its services stay off: nothing is fetched, nothing listens.
  made=
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    made=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' >$made && chmod +x $made
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null 2>&1 || true
  [ -z "$made" ] || rm -f "$made"
fi
if have_scanner; then exit; fi
if [ "${CI:-}" = true ]; then
  fail 'CI must run the tests of the virus scanner, and there is no clamd here. Install it:' "apt-get install $wanted"
fi
banner 'TESTS OF THE VIRUS SCANNER ARE SKIPPED: no clamd, and no right to install packages.' \
  "To run them: sudo apt-get install $wanted"

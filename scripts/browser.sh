#!/usr/bin/env bash
# A browser, Chinese fonts and a token in software (SoftHSM) for the tests: Debian's, installed where we may. Only an ordinary
# user may go without.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

have_browser() {
  for name in chromium chromium-browser google-chrome; do "$name" --version >/dev/null 2>&1 && return; done
  return 1
}
have_token() { command -v softhsm2-util >/dev/null 2>&1; }
have_fonts() { fc-list ':lang=zh-cn' 2>/dev/null | grep -q .; }

if have_browser && have_fonts && have_token; then exit; fi
wanted='chromium fonts-noto-cjk fontconfig softhsm2'
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  step "installing $wanted (about 180 MB)"
  apt-get update -qq >/dev/null
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
fi
if have_browser && have_fonts && have_token; then exit; fi
if [ "${CI:-}" = true ]; then
  fail 'CI must run the browser tests and those of hardware keys: there is no Chromium with Chinese fonts, or no SoftHSM, here. Install them:' "apt-get install $wanted"
fi
if ! have_token; then
  banner 'TESTS OF HARDWARE KEYS ARE SKIPPED: no SoftHSM, and no right to install packages.' \
    'To run them: sudo apt-get install softhsm2'
fi
if have_browser && have_fonts; then exit; fi
banner 'BROWSER TESTS ARE SKIPPED: no Chromium with Chinese fonts, and no right to install packages.' \
  "To run them: sudo apt-get install $wanted"

#!/usr/bin/env bash
# Twenty real tenders through a server of their own; every archive is then verified elsewhere by plain Python alone.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh
tenders=${OCDS:-../shared/data/real_tenders.jsonl.gz}
[ -f "$tenders" ] || fail "There is no file $tenders. Name one of OCDS compiled releases:" 'make acceptance OCDS=FILE'
folder=build/acceptance
rm -rf "$folder"
mkdir -p "$folder"
step "rehearsing ${LIMIT:-20} tenders"
.venv/bin/mingzheng rehearse --ocds "$tenders" --limit "${LIMIT:-20}" --archives "$folder/archives" --report "$folder/report.json"
elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT
count=0
for archive in "$folder"/archives/*/; do
  rm -rf "$elsewhere/archive"
  cp -R "$archive" "$elsewhere/archive"
  (cd "$elsewhere" && python3 -I archive/verify.py archive >verdict.txt) || fail "This archive does not verify:" "$archive" "$(cat "$elsewhere/verdict.txt")"
  count=$((count + 1))
done
step "$count archives verify; report in $folder/report.json"

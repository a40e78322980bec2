#!/usr/bin/env bash
# Times whole builds of the demo site: Benchmarks/build.sh LOOKS...   (needs .build/release/sitegen)
#
# For each size it loads sample data into a private PostgreSQL, then builds twice at the fast
# quality: from nothing, and again without any change. BEST=1 adds a build from nothing at the best.
# Everything is below one temporary folder and removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."

sitegen=.build/release/sitegen
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
TIMEFORMAT='    %R s wall, %U s user, %S s system'

build() {
    echo "  $1"
    shift
    time "$sitegen" build --data "$data" --json "$@" >"$folder/report.json"
    python3 - "$folder/report.json" <<'PY'
import json, sys
report = json.load(open(sys.argv[1]))
print("    {pages} pages, {changed} changed, {queries} queries, peak {peak:.0f} MB".format(
    peak=report["peakMemoryBytes"] / 1e6, **report))
PY
}

for looks in "$@"; do
    data=$folder/$looks
    "$sitegen" db seed --size "$looks" --data "$data" >/dev/null
    "$sitegen" log install --data "$data" >/dev/null
    "$sitegen" db apply --data "$data" >/dev/null 2>&1
    echo "$looks looks"
    build "from nothing, fast" --release "$data/fast" --quality fast
    build "again, nothing changed" --release "$data/fast" --quality fast
    if [ "${BEST:-}" ]; then build "from nothing, best" --release "$data/best" --quality best; fi
done

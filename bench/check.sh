#!/usr/bin/env bash
# Whole-process time of `rigtopo check` on a whole layout: median of 21 runs.
#   bench/check.sh [SPEC]      default: examples/epyc-8x3090-server-supplies.yaml; its layout is solved first
# Figures are for side-by-side comparison in one run on one machine; never a test. With valgrind installed the
# instructions of one run are shown too: these do not depend on what else the machine does.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
spec=${1:-$root/examples/epyc-8x3090-server-supplies.yaml}
program=${RIGTOPO:-$root/build/release/rigtopo}
[ -x "$program" ] || { echo "no program at $program: run tools/run.sh once" >&2; exit 2; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$program" solve "$spec" -o "$out/o" >/dev/null
for _ in $(seq 21); do
  start=$(date +%s%N)
  "$program" check "$spec" --layout "$out/o/layout.yaml" >/dev/null
  end=$(date +%s%N)
  echo $(((end - start) / 1000))
done | sort -n | awk '{t[NR] = $1} END {printf "whole process: median %.1f ms, least %.1f, most %.1f (21 runs)\n", t[11] / 1000, t[1] / 1000, t[21] / 1000}'
if command -v valgrind >/dev/null; then
  valgrind --tool=callgrind --callgrind-out-file="$out/calls" "$program" check "$spec" --layout "$out/o/layout.yaml" 2>&1 >/dev/null |
    sed -n 's/.*Collected : \([0-9]*\).*/instructions: \1/p'
fi

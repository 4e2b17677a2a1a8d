#!/usr/bin/env bash
# Whole-process time of `rigtopo solve` on a spec: median of 11 runs, and the share of its phases.
#   bench/solve.sh [SPEC]      default: examples/wopr-7x4090.yaml
# Figures are for side-by-side comparison in one run on one machine; never a test.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
spec=${1:-$root/examples/wopr-7x4090.yaml}
program=${RIGTOPO:-$root/build/release/rigtopo}
[ -x "$program" ] || { echo "no program at $program: run tools/run.sh once" >&2; exit 2; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for _ in $(seq 11); do
  start=$(date +%s%N)
  "$program" solve "$spec" -o "$out/o" >/dev/null
  end=$(date +%s%N)
  echo $(((end - start) / 1000))
done | sort -n | awk '{t[NR] = $1} END {printf "whole process: median %.1f ms, least %.1f, most %.1f (11 runs)\n", t[6] / 1000, t[1] / 1000, t[11] / 1000}'
"$program" solve "$spec" -o "$out/o" --stats 2>&1 >/dev/null

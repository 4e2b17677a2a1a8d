#!/usr/bin/env bash
# Fuzzes the YAML reader and the spec loader with libFuzzer: tools/fuzz.sh SECONDS (per target)
# Seeds: tests/fuzz/seeds, the examples, the catalogue and the rule fixtures. What is found stays in build/fuzz-corpus; an
# input that crashes is written to build/fuzz-findings and belongs into tests/fuzz/seeds once it is fixed.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

seconds=${1:-30}
need_packages "${build_packages[@]}" clang libclang-rt-dev
say "building the fuzz targets (log: build/fuzz.log)"
build_preset fuzz || exit 70

# libFuzzer reads whole folders of inputs; the fixtures are copied so that it never writes into the tree.
seeds="$build/fuzz-seeds"
rm -rf "$seeds"
mkdir -p "$seeds" "$build/fuzz-findings"
find "$root/tests/fuzz" "$root/tests/rules" "$root/examples" "$root/topologies" -type f -size -64k \
  \( -name '*.yaml' -o -path '*/seeds/*' \) -print0 |
  while IFS= read -r -d '' file; do
    name=${file#"$root"/}
    cp "$file" "$seeds/${name//\//_}"
  done

for target in document_fuzz spec_fuzz; do
  corpus="$build/fuzz-corpus/$target"
  mkdir -p "$corpus"
  say "fuzzing $target for $seconds s (log: build/$target.log)"
  : >"$build/$target.log"
  logged "$target.log" "$build/fuzz/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -max_len=16384 -print_final_stats=1 -artifact_prefix="$build/fuzz-findings/$target-" "$corpus" "$seeds"
done

#!/usr/bin/env bash
# Builds rigtopo with its tests and runs them all: tools/test.sh [--preset dev|asan|clang] [ctest options]
# For the tests of one rule: tools/test.sh -R P110
# ctest's closing line is printed last; everything else is in build/test-PRESET.log.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

preset=dev
if [ "${1-}" = --preset ]; then
  preset=${2:?"--preset needs a name"}
  shift 2
fi

need_packages "${build_packages[@]}" "${test_packages[@]}"
say "building the tests (log: build/$preset.log)"
build_preset "$preset" || exit 70

log="$build/test-$preset.log"
say "testing (log: build/test-$preset.log)"
status=0
(cd "$root" && ctest --preset "$preset" -j "$(nproc)" "$@") </dev/null >"$log" 2>&1 || status=$?
closing=$(grep -E 'tests passed, [0-9]+ tests? failed out of [0-9]+' "$log" | tail -n 1 || true)
if [ "$status" -ne 0 ]; then
  # The output of what failed and the list of it; what passed is one line each and stays in the log.
  grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test +#[0-9]+:.* Passed )' "$log" | tail -n 300 || true
elif grep -q 'The following tests did not run' "$log"; then
  sed -n '/The following tests did not run/,/^$/p' "$log"
fi
printf '%s\n' "${closing:-"ctest ran no test (status $status)"}"
exit "$status"

# shellcheck shell=bash disable=SC2034
# Steps of the checks, sourced by .ci/run and .ci/full: one function a step, and `step` to time them.
# Everything is installed and built by tools/, so that a person can repeat each step by hand.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tools/common.sh

# step NAME COMMAND...: runs one check, prints how long it took, ends the run when it fails.
step() {
  local name=$1 start=$SECONDS status=0
  shift
  printf '== %s\n' "$name"
  "$@" || status=$?
  if [ "$status" -ne 0 ]; then
    printf '== %s: FAILED after %d s\n' "$name" $((SECONDS - start))
    exit 1
  fi
  printf '== %s: ok, %d s\n' "$name" $((SECONDS - start))
}

install_packages() { need_packages "${build_packages[@]}" "${test_packages[@]}" "${ci_packages[@]}"; }

# The main test run; its closing line is kept to be printed at the very end.
main_tests() {
  tools/test.sh | tee "$build/main-tests.txt"
}

format() {
  local found
  found=$(git ls-files -z '*.cpp' '*.hpp' | xargs -0 -r clang-format --dry-run -Werror 2>&1) && return 0
  printf '%s\n' "$found" | sed -nE 's/^([^ ]+:[0-9]+):.*/\1/p' | sort -u | head -n 40
  printf 'run clang-format -i on these files\n'
  return 1
}

generated_docs() {
  tools/docs.sh || return
  local changed
  changed=$(git status --porcelain -- docs)
  [ -z "$changed" ] && return 0
  git --no-pager diff --stat -- docs
  printf 'generated files differ; run tools/docs.sh and commit:\n%s\n' "$changed"
  return 1
}

closing_line() { tail -n 1 "$build/main-tests.txt"; }

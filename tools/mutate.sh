#!/usr/bin/env bash
# Changes one limit or constant at a time and asks the tests: tools/mutate.sh [FIRST [LAST]] (rows of tests/mutations.txt)
# A row is `file | text | other text`; the text must stand in the file exactly once. Each change is built and tested in
# build/mutants, a copy of the tree; it has to make a test fail. Prints one line a row; ends with 1 when one survives.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

first=${1:-1} last=${2:-999999}
copy="$build/mutants"
mkdir -p "$copy/tree"
need_packages "${build_packages[@]}" "${test_packages[@]}"

# sync_tree: the files of the tree into the copy; what did not change keeps its time.
sync_tree() {
  (cd "$root" && git ls-files -z) | while IFS= read -r -d '' file; do
    [ -f "$root/$file" ] || continue
    cmp -s "$root/$file" "$copy/tree/$file" && continue
    mkdir -p "$copy/tree/$(dirname "$file")"
    cp "$root/$file" "$copy/tree/$file"
  done
}

build_copy() { cmake --build "$copy/objects" --target rigtopo_tests >"$copy/build.log" 2>&1; }

sync_tree
if [ ! -f "$copy/objects/build.ninja" ]; then
  say "building the tests in a copy (log: build/mutants/build.log)"
  CCACHE_BASEDIR="$copy/tree" cmake -S "$copy/tree" -B "$copy/objects" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_FLAGS="-O0 -g0" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >"$copy/configure.log"
fi
export CCACHE_BASEDIR="$copy/tree"
build_copy || { tail -n 20 "$copy/build.log" >&2; fail "the unchanged tree does not build"; }
# Enumeration and repeated processes take long and are about other things.
tests=("~oracle*" "~pictures*" "~[solve]" "~cli*")
"$copy/objects/rigtopo_tests" "${tests[@]}" >"$copy/tests.log" 2>&1 || fail "the unchanged tree fails its tests (log: build/mutants/tests.log)"

row=0 survived=0 killed=0
while IFS= read -r line; do
  case "$line" in '' | '#'*) continue ;; esac
  row=$((row + 1))
  [ "$row" -ge "$first" ] && [ "$row" -le "$last" ] || continue
  IFS='|' read -r file old new <<<"$line"
  file=${file% } old=${old# } old=${old% } new=${new# }
  found=$(OLD="$old" perl -0ne '$n = () = /\Q$ENV{OLD}\E/g; print $n' "$root/$file")
  [ "$found" = 1 ] || fail "row $row: \`$old\` stands $found times in $file"
  OLD="$old" NEW="$new" perl -0pi -e 's/\Q$ENV{OLD}\E/$ENV{NEW}/' "$copy/tree/$file"
  if ! build_copy; then
    verdict="does not build"
    survived=$((survived + 1))
  elif "$copy/objects/rigtopo_tests" "${tests[@]}" >"$copy/tests.log" 2>&1; then
    verdict="SURVIVED"
    survived=$((survived + 1))
  else
    verdict="caught by $(grep -cE '^[^ ].*: FAILED:' "$copy/tests.log") assertions"
    killed=$((killed + 1))
  fi
  printf '%3d  %-28s %s -> %s: %s\n' "$row" "${file#src/}" "$old" "$new" "$verdict"
  cp "$root/$file" "$copy/tree/$file"
done <"$root/tests/mutations.txt"
printf '%d changes caught, %d not\n' "$killed" "$survived"
[ "$survived" -eq 0 ]

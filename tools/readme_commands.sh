#!/usr/bin/env bash
# Runs the commands of README.md as printed, in a copy of the tree: tools/readme_commands.sh [FILE]
# A block is run when the line before its ```sh fence is `<!-- run -->`, or `<!-- run: 1 -->` when its last
# command is expected to end with status 1. Blocks share one copy and one folder, so later ones see earlier files.
# A block ```text after a line `<!-- prints -->` shows what the block run before it prints: every line of it but `...`
# must stand in that output. The copy holds the built program: mark nothing that builds or tests.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

readme=${1:-"$root/README.md"}
if [ ! -f "$readme" ]; then
  say "no ${readme##*/}: no command to run"
  exit 0
fi
"$root/tools/run.sh" --version >/dev/null

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy="$work/rigtopo"
mkdir -p "$copy/build/release"
(cd "$root" && git ls-files -z | while IFS= read -r -d '' file; do
  [ ! -f "$file" ] || printf '%s\0' "$file"
done | xargs -0 cp --parents -p -t "$copy")
cp "$build/release/rigtopo" "$copy/build/release/"
(cd "$copy" && pwd -P) >"$copy/build/release.stamp"

# Each block becomes a script block-N, with the status that is expected of it in block-N.status.
awk -v work="$work" '
  /^<!-- prints -->[ \t]*$/ { prints = 1; next }
  /^<!-- run(: *[0-9]+)? -->[ \t]*$/ { wanted = $0; gsub(/[^0-9]/, "", wanted); marked = 1; next }
  /^```/ {
    if (inside) { inside = 0; close(script); next }
    if (shown) { shown = 0; open = 0; close(script ".prints"); next }
    if (prints && script != "" && /^```text[ \t]*$/) { shown = 1; prints = 0; next }
    if (marked && /^```sh[ \t]*$/) {
      script = sprintf("%s/block-%03d", work, ++count)
      print (wanted == "" ? 0 : wanted) > (script ".status"); close(script ".status")
      printf "" > script
      inside = 1
    } else if (!open) { open = 1; marked = 0; next }
    else open = 0
    marked = 0; next
  }
  inside { print > script; next }
  shown { if ($0 != "..." && NF) print > (script ".prints"); next }
  NF { marked = 0 }
' "$readme"

count=0

# missing_lines FILE: those lines of FILE that the output lacks.
missing_lines() {
  local line
  while IFS= read -r line; do
    grep -qxF -- "$line" "$work/output" || printf '%s\n' "$line"
  done <"$1"
}

for script in "$work"/block-???; do
  [ -f "$script" ] || break
  count=$((count + 1))
  wanted=$(cat "$script.status")
  status=0
  (cd "$copy" && PATH="$copy/build/release:$PATH" bash -eu -o pipefail "$script") \
    </dev/null >"$work/output" 2>&1 || status=$?
  if [ "$status" -ne "$wanted" ]; then
    cat "$script" >&2
    tail -n 40 "$work/output" >&2
    fail "this block of ${readme##*/} ended with status $status, expected $wanted"
  fi
  [ -f "$script.prints" ] || continue
  missing=$(missing_lines "$script.prints")
  if [ -n "$missing" ]; then
    printf '%s\n' "$missing" >&2
    fail "${readme##*/} shows these lines, and its command does not print them"
  fi
done
say "ran $count blocks of ${readme##*/}"

#!/usr/bin/env bash
# Writes the generated part of docs/ with the built program. CI runs it and fails when a file changes.
set -euo pipefail
# shellcheck source=tools/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

rigtopo=("$root/tools/run.sh")
docs="$root/docs"

# generate FILE ARGUMENT...: writes docs/FILE whole or not at all, and only when its bytes differ.
generate() {
  local target="$docs/$1" new
  shift
  mkdir -p "$(dirname "$target")"
  new=$(mktemp "$target.XXXXXX")
  if ! "${rigtopo[@]}" "$@" >"$new" || [ ! -s "$new" ]; then
    rm -f "$new"
    fail "\`rigtopo $*\` printed nothing or failed"
  fi
  if cmp -s "$new" "$target"; then rm -f "$new"; else
    chmod 644 "$new"
    mv "$new" "$target"
  fi
}

"${rigtopo[@]}" --version >/dev/null # build once, before the first file
generate schema/spec.schema.json schema spec
generate schema/layout.schema.json schema layout
for kind in "$root"/topologies/*/; do
  kind=$(basename "$kind")
  generate "schema/$kind.schema.json" schema "$kind"
done
generate rules.md explain --all
generate parts.md parts reference

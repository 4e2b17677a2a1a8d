#!/usr/bin/env bash
# Runs rigtopo from a clone: tools/run.sh solve examples/first.yaml
# The first call installs what is missing and builds; later calls cost one `find` while no source has changed.
# Standard output carries the program's own output only; paths are relative to the caller's folder.
set -euo pipefail

case ${BASH_SOURCE[0]} in */*) here=${BASH_SOURCE[0]%/*} ;; *) here=. ;; esac
root=$(cd "$here/.." && pwd -P)
program="$root/build/release/rigtopo"
stamp="$root/build/release.stamp"

# The stamp is older than any source changed since the last good build, and names the tree it was made in.
is_fresh() {
  local made_in=''
  [ -x "$program" ] && [ -f "$stamp" ] && read -r made_in <"$stamp" && [ "$made_in" = "$root" ] &&
    [ -z "$(find "$root/src" "$root/include" "$root/cmake" "$root/CMakeLists.txt" \
      "$root/CMakePresets.json" -newer "$stamp" -print -quit)" ]
}

if ! is_fresh; then
  # shellcheck source=tools/common.sh
  . "$root/tools/common.sh"
  exec {lock}>"$build/release.lock"
  flock "$lock" # two first calls at once: one builds, the other waits
  if ! is_fresh; then
    need_packages "${build_packages[@]}"
    say "building (log: build/release.log)"
    printf '%s\n' "$root" >"$stamp.new"
    build_preset release || exit 70
    [ -x "$program" ] || fail "no program was built: build/release/rigtopo"
    mv "$stamp.new" "$stamp"
  fi
  exec {lock}>&-
fi
exec "$program" "$@"

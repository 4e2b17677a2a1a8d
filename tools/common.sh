# shellcheck shell=bash disable=SC2034
# Shared by the scripts of this folder (sourced, never run). It decides where build trees and logs lie, how a
# step is announced, and how missing Debian packages are installed. Needs bash and what every Debian has.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build="$root/build"
mkdir -p "$build"
# Objects are found again in the cache when the same tree lies in another folder.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1

# What compiles and links rigtopo, and what its tests need on top.
build_packages=(cmake ninja-build g++ pkg-config ccache libboost-dev libboost-program-options-dev
  libyaml-cpp-dev libgraphviz-dev libcadical-dev libfmt-dev nlohmann-json3-dev libeigen3-dev)
test_packages=(catch2 libxml2-utils)
ci_packages=(clang libclang-rt-dev clang-format)
full_packages=(clang-tidy clang-tools)

say() { printf 'rigtopo: %s\n' "$*" >&2; }
fail() { say "$*"; exit 70; }

# missing_packages NAME...: those that dpkg does not know as installed, one a line.
missing_packages() {
  local installed
  installed=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "$@" 2>/dev/null || true)"
  local name
  for name in "$@"; do
    case "$installed" in *" installed=$name "*) ;; *) printf '%s\n' "$name" ;; esac
  done
}

# need_packages NAME...: installs what is missing; says which package could not be had.
need_packages() {
  command -v dpkg-query >/dev/null || return 0 # no Debian: CMake names what it lacks
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "missing packages: ${missing[*]}; as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${missing[*]} (log: build/install.log)"
  {
    "${as_root[@]}" apt-get update || true # an old package list may still do
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "${missing[@]}" || true
  } </dev/null >"$build/install.log" 2>&1
  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} -gt 0 ]; then
    tail -n 15 "$build/install.log" >&2
    fail "could not install: ${missing[*]}"
  fi
}

# logged LOG COMMAND...: output goes to build/LOG; its end is shown when the command fails.
logged() {
  local log="$build/$1"
  shift
  "$@" </dev/null >>"$log" 2>&1 && return 0
  local status=$?
  tail -n 40 "$log" >&2
  say "failed: $* (log: ${log#"$root"/})"
  return "$status"
}

# build_preset PRESET: configures when needed and builds; the log is build/PRESET.log.
build_preset() {
  local preset=$1 folder="$build/$1"
  : >"$build/$preset.log"
  # A tree that was moved or copied carries a cache that names its old place.
  if [ -f "$folder/CMakeCache.txt" ] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
    rm -rf "$folder"
  fi
  if [ ! -f "$folder/build.ninja" ] || [ "$root/CMakePresets.json" -nt "$folder/build.ninja" ]; then
    (cd "$root" && logged "$preset.log" cmake --preset "$preset") || return
  fi
  (cd "$root" && logged "$preset.log" cmake --build --preset "$preset") || return
}

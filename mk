#!/bin/bash
# Builds MiniKube when its sources changed, and runs it: ./mk --help
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
export MK_HOME=$home DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
builds=$home/artifacts/mk
current=$builds/current

# A build is current if nothing that it is made of is younger: files, and folders, since what was removed leaves its mark there.
is_current() {
  [ -e "$current" ] && [ -z "$(find "$home/src" "$home/manifests" "$home/deploy" "$home"/Directory.*.props "$home/global.json" \
    -newer "$current/built" -print -quit)" ]
}

# Every build has a folder of its own: clusters that are up go on with the one that they were started from.
build() {
  local next=$builds/$(date +%Y%m%d-%H%M%S)-$$ log=$builds/build.log
  mkdir -p "$next"
  touch "$next/built"
  echo "mk: building (sources changed) ..." >&2
  if ! ${MK_DOTNET:-dotnet} publish "$home/src/Cluster" -c Release -o "$next" -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false -v q --nologo >"$log" 2>&1; then
    rm -rf "$next"
    cat "$log" >&2
    echo "mk: the build failed." >&2
    exit 1
  fi
  local before
  before=$(readlink -f "$current" || true)
  ln -sfn "$next" "$current.next"
  mv -T "$current.next" "$current"
  remove_old_builds "$next" "$before"
}

# What a cluster was started from stays until that cluster is down; so does the build before, which a mk may still be running.
remove_old_builds() {
  local folder
  for folder in "$builds"/20*/; do
    folder=${folder%/}
    [ "$folder" = "$1" ] || [ "$folder" = "$2" ] || grep -qs "^$folder/*$" "$home"/.mk/*/hosts/*/program || rm -rf "$folder"
  done
}

if ! is_current; then
  mkdir -p "$builds"
  exec 9>"$builds/.lock"
  flock 9
  is_current || build
  exec 9>&-
fi

exec "$(readlink -f "$current")/MiniKube.Cluster" "$@"

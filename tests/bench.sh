#!/bin/sh
# Runs each tests/bench/NAME.sh: ratios against peers in one alternating run. Results worth keeping go to tests/bench/RESULTS.md.
set -eu
cd "$(dirname "$0")/.."
TOP=$PWD
PKGS=$TOP/target/pkgs
PATH=$TOP/target/release:$PATH:/usr/sbin:/sbin
LC_ALL=C
export TOP PKGS PATH LC_ALL
awk '$1 == "bench" { print $2 }' tests/packages | while read -r p; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$p" 2>/dev/null | grep -q '^ii' || echo "bench: $p is not installed: left out" >&2
done
[ $# -gt 0 ] || set -- tests/bench/*.sh
for b; do
    printf '\n== %s\n' "$(basename "$b" .sh)"
    sh "$b"
done

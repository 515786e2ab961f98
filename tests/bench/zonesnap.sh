#!/bin/sh
# Wall time of a snapshot, its end, a rollback and a list of 100, of zonesnap and of the btrfs program, alternating; medians of 25.
set -eu
[ "$(id -u)" = 0 ] || { echo "needs root" >&2; exit 0; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
# shellcheck disable=SC2016
sh "$TOP/tests/zonesnap/on-btrfs.sh" '
exec >/dev/null 2>&1
btrfs -q subvolume create web
btrfs -q subvolume create other
mkdir peer
for i in $(seq 500); do echo $i >web/$i; echo $i >other/$i; done
clock() { a=$(date +%s%N); "$@" >/dev/null; b=$(date +%s%N); echo $((b - a)) >>"../$name"; }
zs() { name=ours.$1; shift; clock zonesnap "$@"; }
bt() { name=theirs.$1; shift; clock "$@"; }
back() { mv other peer/guard; btrfs -q subvolume snapshot peer/one other; btrfs property set peer/guard ro true; }
zonesnap snap web@one
btrfs -q subvolume snapshot -r other peer/one
for i in $(seq 25); do
    zs snapshot snap web@x
    bt snapshot btrfs subvolume snapshot -r other peer/x
    zs destroy destroy web@x
    bt destroy btrfs subvolume delete peer/x
    zs rollback rollback web@one
    bt rollback back
    zonesnap list -p label,name web | sed -n "s/^rollback://p" | zonesnap destroy -
    btrfs -q subvolume delete peer/guard
done
for i in $(seq 100); do zonesnap snap web@s$i; done
for i in $(seq 25); do
    zs list list web
    bt list btrfs subvolume list -s .
done'
printf '%-10s %10s %10s\n' STEP zonesnap btrfs
for step in snapshot destroy rollback list; do
    ours=$(sort -n ours.$step | sed -n 13p)
    theirs=$(sort -n theirs.$step | sed -n 13p)
    awk -v s=$step -v o="$ours" -v t="$theirs" 'BEGIN { printf "%-10s %7.2f ms %7.2f ms\n", s, o / 1e6, t / 1e6 }'
done

#!/bin/sh
# on-btrfs.sh SCRIPT: runs it in a fresh btrfs, in a private mount namespace. Both are gone with its last process.
# shellcheck disable=SC2016
exec unshare -m sh -euc '
truncate -s 200M fs.img
mkfs.btrfs -q -m single fs.img >mkfs.log 2>&1 || { cat mkfs.log; exit 1; }
mkdir -p fs
mount -o loop fs.img fs
rm fs.img mkfs.log
cd fs
eval "$1"' sh "$1"

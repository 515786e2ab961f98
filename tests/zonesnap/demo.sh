#!/bin/sh
# snapshots of a btrfs subvolume and a qcow2 image, and back
# must show: broken
# must show: works
# must show: web@before-upgrade .*
set -eu
if [ "$(id -u)" != 0 ]; then echo "needs root"; exit 77; fi
for need in mkfs.btrfs qemu-img; do command -v $need >/dev/null || { echo "needs $need"; exit 77; }; done
unshare -m true 2>/dev/null || { echo "needs mount namespaces"; exit 77; }
# shellcheck disable=SC2016
exec sh "$T/on-btrfs.sh" '
run() { printf "# %s\n" "$1"; sh -c "$1"; }
btrfs -q subvolume create web
echo "works" >web/index.html
qemu-img create -q -f qcow2 db.qcow2 1G
run "zonesnap snap -l nightly web db.qcow2"
run "zonesnap snap web@before-upgrade"
echo "broken" >web/index.html
run "cat web/index.html"
run "zonesnap rollback web@before-upgrade"
run "cat web/index.html"
run "zonesnap list"
run "zonesnap list -p label,name web | sed -n \"s/^nightly://p\" | zonesnap destroy -"
run "zonesnap list -p name web"
'

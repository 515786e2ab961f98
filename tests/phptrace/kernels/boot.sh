#!/bin/sh
# boot.sh KERNEL SECONDS COMMAND...: boots the Debian kernel unpacked in KERNEL under QEMU, without KVM, and runs the command there
# as root, for at most so long. The guest sees this machine's files, read-only, with empty folders at /tmp, /run and SCRATCH (from
# the environment). Works in the current folder; what the command prints comes out here, with `@ ` before each line, after a line
# with the kernel's release.
set -eu
rig=$(cd "$(dirname "$0")" && pwd)
kernel=$1
seconds=$2
shift 2
mkdir -p root/bin root/modules root/host root/proc root/sys root/dev
cp "$rig/init" root/init
chmod 755 root/init
cp "$(command -v busybox)" root/bin/busybox
for m in virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci netfs fscache 9pnet 9pnet_virtio 9p; do
    found=$(find "$kernel/lib/modules/" -name "$m.ko*")
    case $found in
        '') ;; # part of another module, or of the kernel
        *.xz) xz -dc "$found" >"root/modules/$m.ko" ;;
        *) cp "$found" "root/modules/$m.ko" ;;
    esac
done
{
    echo "SCRATCH='$SCRATCH' SECONDS_LEFT=$seconds"
    echo "set -- \\"
    for word; do
        printf "%s" "$word" | sed "s/'/'\\\\''/g; 1s/^/'/; \$s/\$/' \\\\/"
        echo
    done
    echo
} >root/command
(cd root && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >initrd
exec qemu-system-x86_64 -machine pc -accel tcg,thread=multi -cpu max -m 1024 -smp 2 -nodefaults -no-user-config \
    -display none -no-reboot -serial stdio -kernel "$(echo "$kernel"/boot/vmlinuz-*)" -initrd initrd \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -append "console=ttyS0 panic=-1 quiet loglevel=1 mitigations=off"

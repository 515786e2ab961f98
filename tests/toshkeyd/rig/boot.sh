#!/bin/sh
# boot.sh KERNEL GUEST [FILE...]: boots Debian's kernel, unpacked in KERNEL, under QEMU's firmware with hci.asl added,
# and runs the script GUEST there with the FILEs in /bin. Its output begins with "@ ". Works in the current folder.
set -eu
rig=$(cd "$(dirname "$0")" && pwd)
kernel=$1
guest=$2
shift 2
mkdir -p root/bin root/m root/lib root/lib64
cp "$rig/init" root/init
cp "$guest" root/guest
cp "$(command -v busybox)" root/bin/busybox
gcc -O2 -static -o root/bin/hci "$rig/hci.c"
for file; do
    cp "$file" root/bin/
    # What it is linked with.
    ldd "$file" | grep -o '/[^ ]*' | while read -r so; do mkdir -p "root$(dirname "$so")"; cp -L "$so" "root$so"; done
done
modules=$(echo "$kernel"/lib/modules/*)
for m in wmi video rfkill sparse-keymap battery industrialio evdev toshiba_acpi; do
    found=$(find "$modules" -name "$m.ko*")
    case $found in
        *.xz) xz -dc "$found" >"root/m/$m.ko" ;;
        *) cp "$found" "root/m/$m.ko" ;;
    esac
done
chmod 755 root/init
(cd root && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) >initrd
iasl -ve -p hci "$rig/hci.asl" >iasl.log 2>&1 || { cat iasl.log; exit 1; }
exec timeout 90 qemu-system-x86_64 -machine pc,accel=tcg -m 256 -smp 1 -nodefaults -no-user-config -display none -no-reboot \
    -serial stdio -acpitable file=hci.aml -kernel "$(echo "$kernel"/boot/vmlinuz-*)" -initrd initrd \
    -append "console=ttyS0 panic=-1 quiet loglevel=3"

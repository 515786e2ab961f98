# needs root
# No Toshiba here: no devices at all, and none of this name.
$ unshare -m sh -c 'mount -t tmpfs none /dev; toshkeyd'
toshkeyd: /dev/input: No such file or directory: name a source, such as a file, or - for standard input
[1]
$ unshare -m sh -c 'mount -t tmpfs none /dev; mkdir /dev/input; toshkeyd'
toshkeyd: /dev/input: no "Toshiba input device" here: is the module toshiba_acpi loaded? Otherwise name a source, such as a file, or - for standard input
[1]

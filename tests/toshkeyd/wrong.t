$ toshkeyd -V
toshkeyd 0.1.0
$ toshkeyd -h
usage: toshkeyd [-H | -p FIELD,... | --csv] [-b DIR|hci:PATH] [-c FILE] [SOURCE]
       toshkeyd -n -c FILE

Options:
    -h, --help          print this text
    -V, --version       print the version
    -b, --backlight DIR|hci:PATH
                        step this backlight on the brightness keys
    -c, --config FILE   backlight, key names and commands from this file
    -n, --check         check the configuration and end
    -H                  no header; tabs between fields
    -p FIELD,...        these fields only, colons between them, no header
        --csv           comma-separated values (RFC 4180)
$ toshkeyd -x
toshkeyd: -x: no such option (toshkeyd -h tells the usage)
[2]
$ toshkeyd a b
toshkeyd: expected one source at most (toshkeyd -h tells the usage)
[2]
$ toshkeyd -p colour -
toshkeyd: -p colour: expected one of time,code,key,action,source (toshkeyd -h tells the usage)
[2]
$ toshkeyd nowhere
toshkeyd: nowhere: No such file or directory
[1]
$ toshkeyd .
toshkeyd: .: Is a directory
[1]
# wrong input: what came before it is printed
$ printf '0x141\n141\n0x142\n' | toshkeyd -p key -
KEY_BRIGHTNESSUP
toshkeyd: stdin:2: 141: expected a hotkey code such as 0x141
[1]
$ printf '0x10000\n' | toshkeyd -
toshkeyd: stdin:1: 0x10000: expected a hotkey code such as 0x141
[1]
$ printf '\033[2Jevil\n' | toshkeyd -
toshkeyd: stdin:1: \x1b[2Jevil: expected a hotkey code such as 0x141
[1]
$ head -c 5000 /dev/zero | tr '\0' x | toshkeyd -
toshkeyd: stdin:1: longer than 4096 bytes: expected a hotkey code such as 0x141
[1]
$ head -c 100 /dev/zero | toshkeyd -
toshkeyd: stdin: byte 96: ends in the middle of an event: expected records of 24 bytes
[1]
$ head -c 96 /dev/zero | tr '\0' '\377' | toshkeyd -
toshkeyd: stdin:1: ����������������������������������������: expected a hotkey code such as 0x141
[1]
$ printf '\0' | toshkeyd -
toshkeyd: stdin: byte 0: ends in the middle of an event: expected records of 24 bytes
[1]
$ { head -c 16 /dev/zero; printf '\377\377\0\0\0\0\0\0'; } | toshkeyd -
toshkeyd: stdin: byte 0: not an input event: expected struct input_event records
[1]
# wrong output
$ echo 0x141 | toshkeyd - > /dev/full
toshkeyd: stdout: No space left on device
[1]
$ for i in $(seq 20000); do echo 0x141; done | toshkeyd - | head -1 | cut -d' ' -f2
0x141
# no HCI driver
$ toshkeyd hci:nowhere
toshkeyd: nowhere: No such file or directory
[1]
$ toshkeyd hci:/dev/null
toshkeyd: /dev/null: Inappropriate ioctl for device
[1]

# -n checks, and says nothing about what is right
$ printf '# keys\nbacklight /sys/class/backlight/toshiba\nkey 0x13c KEY_BRIGHTNESSDOWN\npress KEY_WLAN rfkill toggle wlan\nrelease 0xb05 true\n' > good
$ toshkeyd -n -c good
$ toshkeyd -n -c - < good
$ toshkeyd -c - - < good 2>&1 | head -1
toshkeyd: -c -: only with -n: a reload could not read it again (toshkeyd -h tells the usage)
$ toshkeyd -n
toshkeyd: -n: expected a configuration file, by -c (toshkeyd -h tells the usage)
[2]
$ toshkeyd -n -c nowhere
toshkeyd: nowhere: No such file or directory
[78]
$ printf 'press XF86WLAN true\n' > bad; toshkeyd -n -c bad
toshkeyd: bad:1: XF86WLAN: unknown key: expected a kernel name such as KEY_WLAN, or a code such as 0x142
[78]
$ printf 'press KEY_WLAN\n' > bad; toshkeyd -n -c bad
toshkeyd: bad:1: press KEY_WLAN: expected a key and a command
[78]
$ printf '\nbind KEY_WLAN true\n' > bad; toshkeyd -c bad - < /dev/null
toshkeyd: bad:2: bind: expected backlight, key, press or release
[78]
$ printf 'key 13c KEY_MUTE\n' > bad; toshkeyd -n -c bad
toshkeyd: bad:1: 13c: expected a hotkey code such as 0x13c
[78]
$ printf 'backlight light\n' > bad; SMF_FMRI=svc:/site/toshkeyd toshkeyd -n -c bad
toshkeyd: bad:1: backlight light: expected a directory, beginning with /, or hci: and a path
[96]
$ chmod 666 good; toshkeyd -n -c good
toshkeyd: good: others may write to it: expected no more than mode 644
[78]
# commands: the event is their environment; a second one waits for nobody
$ printf 'press KEY_WLAN echo "$TOSHKEYD_CODE $TOSHKEYD_KEY $TOSHKEYD_ACTION $TOSHKEYD_SOURCE" > out; sleep 0.2; echo ended >> out\n' > conf
$ printf '0x142\n0x142\n0x1c2\n0x142\n' | toshkeyd -c conf -p code - ; cat out
0x142
0x142
0x142
0x142
0x142 KEY_WLAN press stdin
ended
$ printf 'press 0x142 echo said; exit 3\nrelease 0x142 no-such-command 2>&1\n' > conf
$ printf '0x142\n' | toshkeyd -c conf - 2>&1 > events
said
toshkeyd: echo said; exit 3: exit status: 3
$ printf '0x1c2\n' | toshkeyd -c conf - 2>&1 > events
/bin/sh: 1: no-such-command: not found
toshkeyd: no-such-command 2>&1: exit status: 127

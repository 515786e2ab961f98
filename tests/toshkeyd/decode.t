# hotkey codes as text
$ printf '# brightness\n0x141\n0x1c1\n\n0x140 # down\n0x1ff\n0x100\n0xb05\n0x777\n' | toshkeyd - | cut -d' ' -f2-
0x141 KEY_BRIGHTNESSUP press stdin
0x141 KEY_BRIGHTNESSUP release stdin
0x140 KEY_BRIGHTNESSDOWN press stdin
0x100 KEY_FN press stdin
0x100 KEY_FN release stdin
0xb05 KEY_PROG2 press stdin
0x777 KEY_UNKNOWN press stdin
$ echo 0x141 | toshkeyd - | grep -cE '^20[0-9]{2}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z '
1
# the last line needs no newline, and no input is no event
$ printf 0x142 > codes; toshkeyd -p code,key,action,source codes
0x142:KEY_WLAN:press:codes
$ toshkeyd - < /dev/null
# a recording: MSC_SCAN 0x141, KEY_BRIGHTNESSUP 225 down, SYN, up, SYN
$ record() { printf '\270}\005C\0\0\0\0\007\0\0\0\0\0\0\0'; printf "$1"; }
> { record '\004\0\004\0A\001\0\0'; record '\001\0\341\0\001\0\0\0'; record '\0\0\0\0\0\0\0\0'
>   record '\001\0\341\0\0\0\0\0'; record '\0\0\0\0\0\0\0\0'; } > recording; toshkeyd recording
2005-08-19T06:35:36Z 0x141 KEY_BRIGHTNESSUP press recording
2005-08-19T06:35:36Z 0x141 KEY_BRIGHTNESSUP release recording
$ head -c 100 recording | toshkeyd -H - | od -c | head -3
toshkeyd: stdin: byte 96: ends in the middle of an event: expected records of 24 bytes
0000000   2   0   0   5   -   0   8   -   1   9   T   0   6   :   3   5
0000020   :   3   6   Z  \t   0   x   1   4   1  \t   K   E   Y   _   B
0000040   R   I   G   H   T   N   E   S   S   U   P  \t   p   r   e   s
$ toshkeyd -p source,time recording
recording:2005-08-19T06\:35\:36Z
recording:2005-08-19T06\:35\:36Z
$ toshkeyd --csv recording
TIME,CODE,KEY,ACTION,SOURCE
2005-08-19T06:35:36Z,0x141,KEY_BRIGHTNESSUP,press,recording
2005-08-19T06:35:36Z,0x141,KEY_BRIGHTNESSUP,release,recording
# a second keymap
$ echo 'key 0x13c KEY_BRIGHTNESSDOWN' > conf; echo 0x13c | toshkeyd -c conf -p code,key -
0x13c:KEY_BRIGHTNESSDOWN

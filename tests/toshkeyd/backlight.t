# eight levels; actual_brightness goes before a stale brightness
$ mkdir light; echo 7 > light/max_brightness; echo 5 > light/brightness; ln -s brightness light/actual_brightness
$ printf '0x141\n0x1c1\n' | toshkeyd -b light -p key,action -; cat light/brightness
KEY_BRIGHTNESSUP:press
KEY_BRIGHTNESSUP:release
6
$ printf '0x141\n0x141\n0x141\n' | toshkeyd -b light - > out; cat light/brightness
7
$ for i in 1 2 3 4 5 6 7 8 9; do echo 0x140; done | toshkeyd -b light - > out; cat light/brightness
0
$ rm light/actual_brightness; echo 3 > light/actual_brightness; echo 0x141 | toshkeyd -b light -p key -; cat light/brightness
KEY_BRIGHTNESSUP
4
# fine steps: a twentieth
$ echo 7500 > light/max_brightness; echo 1000 > light/actual_brightness; echo 0x140 | toshkeyd -b light -p key -; cat light/brightness
KEY_BRIGHTNESSDOWN
625
# from the configuration
$ echo "backlight $PWD/light" > conf; echo 0x141 | toshkeyd -c conf -p key -; cat light/brightness
KEY_BRIGHTNESSUP
1375
# wrong directories
$ echo 0x141 | toshkeyd -b nowhere -
toshkeyd: nowhere/max_brightness: No such file or directory
[1]
$ echo high > light/max_brightness; echo 0x141 | toshkeyd -b light -
toshkeyd: light/max_brightness: high: expected a number
[1]
$ echo 7 > light/max_brightness; mv light/brightness light/b; mkdir light/brightness; printf '0x141\n0x142\n' | toshkeyd -b light -p key -
toshkeyd: light/brightness: Is a directory
KEY_BRIGHTNESSUP
KEY_WLAN

#!/bin/sh
# hotkey codes to lines, brightness steps and a command
# must show: KEY_WLAN ran a command
# must show: 0x140:KEY_BRIGHTNESSDOWN:press
# must show: 5
# must show: 3
set -eu
run() { printf '$ %s\n' "$1"; sh -c "$1"; }
mkdir backlight
echo 7 >backlight/max_brightness
echo 4 >backlight/brightness
ln -s brightness backlight/actual_brightness
echo "press KEY_WLAN echo \"\$TOSHKEYD_KEY ran a command\"" >conf
run "printf '0x141\n0x1c1\n0x142\n' | toshkeyd -b backlight -c conf -"
run 'cat backlight/brightness'
run "printf '0x140\n0x140\n' | toshkeyd -b backlight -p code,key,action -"
run 'cat backlight/brightness'

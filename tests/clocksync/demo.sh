#!/bin/sh
# four real NTP servers, one 50 s wrong: found and left out
# must show: 127.0.0.1:20126 .* falseticker
# must show: offset .*: 3 of 4 agree
# must show: exit status 1
set -eu
[ -x "$PKGS/chrony/usr/sbin/chronyd" ] || { echo "needs the package chrony"; exit 77; }
fake=$(echo "$PKGS"/faketime/usr/lib/*/faketime/libfaketime.so.1)
trap 'kill $pids 2>/dev/null; wait' EXIT
pids=
for port in 20123 20124 20125 20126; do
    printf 'local stratum 3\nallow\nport %s\nbindaddress 127.0.0.1\ncmdport 0\nbindcmdaddress /\npidfile %s/%s.pid\n' \
        $port "$PWD" $port >$port.conf
    preload=
    [ $port != 20126 ] || preload=$fake
    # -x: chronyd never touches the clock; -U: it needs not be root.
    LD_PRELOAD=$preload FAKETIME=+50s "$PKGS/chrony/usr/sbin/chronyd" -x -U -d -u "$(id -un)" -f "$PWD/$port.conf" >$port.log 2>&1 &
    pids="$pids $!"
done
for port in 20123 20124 20125 20126; do
    n=0
    while [ ! -e $port.pid ] && [ $n -lt 100 ]; do sleep 0.05; n=$((n + 1)); done
done
run() {
    echo "\$ $*"
    "$@"
}
run clocksync 127.0.0.1:20123 127.0.0.1:20124 127.0.0.1:20125 127.0.0.1:20126
echo
echo "\$ clocksync --max-offset 1s 127.0.0.1:20126"
if clocksync --max-offset 1s 127.0.0.1:20126 2>&1; then exit 1; else echo "exit status $?"; fi

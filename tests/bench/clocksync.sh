#!/bin/sh
# One measurement with four real servers on loopback, the first of them 3 s wrong: wall time, and error against the truth (0, for the
# servers' clock is this machine's own), of clocksync and `chronyd -Q`, alternating; medians and worst of 15.
set -eu
chronyd=$PKGS/chrony/usr/sbin/chronyd
[ -x "$chronyd" ] || { echo "needs the package chrony: tests/setup.sh" >&2; exit 0; }
fake=$(echo "$PKGS"/faketime/usr/lib/*/faketime/libfaketime.so.1)
scratch=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null; wait; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
cd "$scratch"
ours=
# Each has an address of its own: chronyd tells sources apart by that.
for i in 1 2 3 4; do
    printf 'local stratum 3\nallow\nport 20223\nbindaddress 127.0.0.%s\ncmdport 0\nbindcmdaddress /\npidfile %s/%s.pid\n' \
        $i "$PWD" $i >$i.conf
    preload=
    [ $i != 1 ] || preload=$fake
    LD_PRELOAD=$preload FAKETIME=+3s "$chronyd" -x -U -d -u "$(id -un)" -f "$PWD/$i.conf" >$i.log 2>&1 &
    pids="$pids $!"
    ours="$ours 127.0.0.$i:20223"
    echo "server 127.0.0.$i port 20223 iburst" >>client.conf
done
printf 'cmdport 0\nbindcmdaddress /\npidfile %s/client.pid\n' "$PWD" >>client.conf
sleep 1
for _ in $(seq 15); do
    a=$(date +%s%N)
    # shellcheck disable=SC2086
    clocksync -p server,offset $ours | sed -n 's/^\*://p' >>clocksync.error
    b=$(date +%s%N)
    "$chronyd" -Q -U -u "$(id -un)" -f "$PWD/client.conf" 2>&1 | sed -n 's/.*wrong by \(.*\) seconds.*/\1/p' >>chronyd.error
    c=$(date +%s%N)
    echo $((b - a)) >>clocksync.time
    echo $((c - b)) >>chronyd.time
done
printf '%-10s %12s %12s %14s %14s\n' TOOL 'median s' 'worst s' 'median us off' 'worst us off'
for tool in clocksync chronyd; do
    sort -n "$tool.time" >sorted.times
    tr -d '+-' <"$tool.error" | sort -g >sorted.errors
    paste sorted.times sorted.errors | awk -v t=$tool '{ s[NR] = $1 / 1e9; e[NR] = $2 * 1e6 }
        END { if (NR != 15) exit 1; printf "%-10s %12.3f %12.3f %14.1f %14.1f\n", t, s[8], s[15], e[8], e[15] }'
done

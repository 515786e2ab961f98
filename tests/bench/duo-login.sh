#!/bin/sh
# duo-login beside Debian's login_duo 1.11 (the peer), both against the mock of the API on loopback, in alternating runs.
# The peer speaks version 1 of the API: preauth and auth; duo-login asks the clock as well.
set -eu
dir=$(mktemp -d)
# A peer that still waits for its server is ended with the mock.
trap 'kill $mock 2>/dev/null; rm -rf "$dir"' EXIT
bin=$TOP/target/release
"$bin/duo-mock" "$dir" 2>/dev/null &
mock=$!
until [ -e "$dir/port" ]; do sleep 0.1; done
cp "$bin/duo-login" "$dir/duo-login"
ours=$dir/duo-login
peer=$PKGS/login-duo/usr/sbin/login_duo
libs=$PKGS/login-duo/usr/lib/x86_64-linux-gnu:$PKGS/login-duo/usr/lib
conf=$dir/login_duo.conf
limited=$dir/limited.conf
{ cat "$conf"; echo "https_timeout = 2"; } >"$limited"
chmod 600 "$limited"

# shellcheck disable=SC2086
measure() {
    if [ "$1" = ours ]; then
        shift
        "$bin/measure" $limit "$ours" "$@"
    else
        shift
        LD_LIBRARY_PATH=$libs "$bin/measure" $limit "$peer" "$@"
    fi
}
# Runs both in turn; prints the medians of wall time, CPU time and the largest peak.
compare() {
    name=$1 runs=$2
    shift 2
    : >"$dir/ours"
    : >"$dir/peer"
    i=0
    while [ $i -lt "$runs" ]; do
        measure ours "$@" >>"$dir/ours"
        measure peer "$@" >>"$dir/peer"
        i=$((i + 1))
    done
    for who in ours peer; do
        wall=$(sort -n "$dir/$who" | awk '{ v[NR] = $1 } END { printf "%.1f", v[int((NR + 1) / 2)] / 1000 }')
        cpu=$(sort -k2n "$dir/$who" | awk '{ v[NR] = $2 } END { printf "%.1f", v[int((NR + 1) / 2)] / 1000 }')
        peak=$(sort -k3n "$dir/$who" | awk '{ p = $3 } END { printf "%.1f", p / 1024 }')
        status=$(tail -n 1 "$dir/$who" | awk '{ print $4 }')
        printf '%-34s %-5s wall %9s ms  cpu %7s ms  peak %7s MB  status %s\n' "$name" "$who" "$wall" "$cpu" "$peak" "$status"
    done
    awk -v n="$name" 'NR == FNR { a[NR] = $1; next } { b[FNR] = $1 } END {
        for (i in a) r[i] = b[i] / a[i]; m = asort_(r); printf "%-34s peer/ours, median of the pairs: %.1f\n", n, m }
        function asort_(r,   i, j, t, k) { k = 0; for (i in r) k++; for (i = 1; i <= k; i++) for (j = i + 1; j <= k; j++)
            if (r[j] < r[i]) { t = r[i]; r[i] = r[j]; r[j] = t } return r[int((k + 1) / 2)] }' "$dir/ours" "$dir/peer"
}
mode() { echo "$1" >"$dir/mode"; }

strip -o "$dir/stripped" "$ours"
echo "stripped: $(stat -c %s "$dir/stripped") bytes"
mode ""
limit=
compare "-v" 41 -v
compare "login, push, headless" 31 -c "$conf" -f user true
compare "preauth allows" 31 -c "$conf" -f preauth-allow true
limit="timeout -s KILL 60"
mode silent
compare "silent server, https_timeout = 2" 1 -c "$limited" -f user true
mode drip
compare "dripping server, https_timeout = 2" 1 -c "$limited" -f user true
mode nohandshake
compare "no TLS handshake, no limit set" 1 -c "$conf" -f user true
mode oversize
compare "512 MB body" 1 -c "$conf" -f user true

# What goes over the wire and to the terminal: counts, not times.
count() {
    who=$1
    shift
    if [ "$who" = ours ]; then "$ours" "$@"; else LD_LIBRARY_PATH=$libs "$peer" "$@"; fi
}
for who in ours peer; do
    mode ""
    if [ "$who" = ours ]; then program=$ours run=; else program=$peer run=LD_LIBRARY_PATH=$libs; fi
    # shellcheck disable=SC2086
    env $run strace -f -qq -xx -s 3 -e trace=write,writev,sendto,sendmsg -o "$dir/trace" "$program" -c "$conf" -f preauth-allow true
    before=$(grep -c . "$dir/requests")
    records=$(grep -o '"\\x17\\x03\\x03"' "$dir/trace" | grep -c .) || true
    mode lost
    count "$who" -c "$conf" -f user true >/dev/null 2>&1 || true
    sent=$(tail -n +$((before + 1)) "$dir/requests" | grep -c '/auth\(.bson\)\? ') || true
    mode ""
    count "$who" -d -c "$conf" -f hostile true >"$dir/seen" 2>&1 || true
    passed=$(LC_ALL=C grep -c -a -P '\x1b|\x07|\xc2[\x80-\x9f]|\xe2\x80\xae|\xe2\x81\xa6' "$dir/seen") || true
    echo "$who: TLS data records written for a preauth: $records; a push whose answer is lost is sent $sent times; lines with controls: $passed"
done

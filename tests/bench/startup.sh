#!/bin/sh
# Wall time of `TOOL --version` beside that of `true`, alternating, and the size of each binary.
set -eu
runs=200
printf '%-10s %14s %14s %10s\n' TOOL 'ms/start' 'ms/start true' KiB
for tool in phptrace umemstat clocksync duo-login toshkeyd zonesnap; do
    ours=0
    theirs=0
    for _ in 1 2 3 4 5; do
        a=$(date +%s%N)
        i=0; while [ $i -lt $runs ]; do "$tool" --version >/dev/null; i=$((i + 1)); done
        b=$(date +%s%N)
        i=0; while [ $i -lt $runs ]; do /bin/true; i=$((i + 1)); done
        c=$(date +%s%N)
        ours=$((ours + b - a))
        theirs=$((theirs + c - b))
    done
    size=$(stat -L -c %s "$TOP/target/release/$tool")
    awk -v t="$tool" -v o=$ours -v p=$theirs -v n=$((runs * 5)) -v s="$size" \
        'BEGIN { printf "%-10s %14.2f %14.2f %10d\n", t, o / n / 1e6, p / n / 1e6, s / 1024 }'
done

#!/bin/sh
# phptrace beside bpftrace on the same PHP script: processor time of tracer and script, less that of the script alone; start to the
# first probe; 200 processes; memory. Alternating runs, medians.
set -eu
[ "$(id -u)" = 0 ] || { echo "needs root"; exit 0; }
command -v bpftrace >/dev/null || { echo "needs bpftrace"; exit 0; }
php=$(readlink -f "$(command -v php)")
runs=${RUNS:-7} calls=${CALLS:-1000000}
dir=$(mktemp -d)
workers=
stop() {
    for w in $workers; do kill -9 "$w" 2>/dev/null || :; done
    rm -rf "$dir"
}
trap stop EXIT
cargo build -q --release -p tests --bin measure
measure=$TOP/target/release/measure
# shellcheck disable=SC2016
echo '<?php function f() {} $n = (int) $argv[1]; for ($i = 0; $i < $n; $i++) { f(); }' >"$dir/hot.php"
export USE_ZEND_DTRACE=1
usdt=usdt:$php:php:function__entry

once() {
    case $1 in
    plain) "$measure" "$php" "$dir/hot.php" "$calls" ;;
    ours-count) "$measure" phptrace -qn 'php*:::function-entry{@ = count()}' -c "$php $dir/hot.php $calls" ;;
    theirs-count) "$measure" bpftrace -e "$usdt{@ = count()}" -c "$php $dir/hot.php $calls" ;;
    ours-name) "$measure" phptrace -qn 'php*:::function-entry{@[copyinstr(arg0)] = count()}' -c "$php $dir/hot.php $calls" ;;
    theirs-name) "$measure" bpftrace -e "$usdt{@[str(arg0)] = count()}" -c "$php $dir/hot.php $calls" ;;
    ours-lines) "$measure" phptrace -qn 'php*:::function-entry{@[copyinstr(arg1)] = lquantize(arg2, 0, 5000)}' -c "$php $dir/hot.php $calls" ;;
    theirs-lines) "$measure" bpftrace -e "$usdt{@[str(arg1)] = lhist(arg2, 0, 1000, 1)}" -c "$php $dir/hot.php $calls" ;;
    esac
}

for _ in $(seq "$runs"); do
    for what in plain ours-count theirs-count ours-name theirs-name ours-lines theirs-lines; do
        once "$what" >>"$dir/$what"
    done
done
# The median of a column of a measurement.
median() { sort -n -k "$2,$2" "$dir/$1" | awk -v c="$2" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'; }
plain=$(median plain 2)
printf '%-34s %12s %12s %7s\n' "ns of CPU a call, start included" phptrace bpftrace ratio
for what in count name lines; do
    awk -v w="$what" -v o="$(median ours-$what 2)" -v t="$(median theirs-$what 2)" -v p="$plain" -v n="$calls" \
        'BEGIN { o = (o - p) * 1000 / n; t = (t - p) * 1000 / n; printf "%-34s %12.0f %12.0f %7.2f\n", w, o, t, o / t }'
done
printf '%-34s %12d KiB\n' "peak memory" "$(median ours-name 3)"

# Microseconds until a program's BEGIN, which runs when all probes are in place, has printed a line. Real-time priority keeps other
# work of the machine out of it; processor time of the whole run comes beside it.
first() {
    a=$(date +%s%N)
    chrt -f 50 "$@" | {
        read -r _
        b=$(date +%s%N)
        echo $(((b - a) / 1000))
        cat >/dev/null
    }
}
# shellcheck disable=SC2016
start='php*:::function-entry{@[copyinstr(arg0)] = count()} BEGIN{printf("ready\n"); exit(0)}'
starts() {
    for _ in $(seq 21); do
        first phptrace -qn "$start" >>"$dir/$1-first"
        "$measure" phptrace -qn "$start" >>"$dir/$1"
    done
    awk -v what="$2" -v w="$(median "$1-first" 1)" -v c="$(median "$1" 2)" -v m="$(median "$1" 3)" \
        'BEGIN { printf "%-46s %6.1f ms, %.1f ms CPU with the end, %d KiB\n", what, w / 1000, c / 1000, m }'
}
starts one "start to probes in place, one PHP file"
for _ in $(seq 5); do
    "$measure" bpftrace -e "$usdt{@[str(arg0)] = count()} interval:us:1{exit()}" >>"$dir/bpftrace-start"
done
awk -v w="$(median bpftrace-start 1)" -v c="$(median bpftrace-start 2)" -v m="$(median bpftrace-start 3)" \
    'BEGIN { printf "%-46s %6.1f ms with the end, %.1f ms CPU, %d KiB\n", "bpftrace, start and end", w / 1000, c / 1000, m }'
fpm=$TOP/target/pkgs/php8.2-fpm/usr/sbin/php-fpm8.2
cat >"$dir/fpm.conf" <<END
[global]
error_log = $dir/fpm.log
daemonize = no
[www]
listen = $dir/fpm
pm = static
pm.max_children = 200
END
unshare --pid --fork --kill-child "$fpm" -n -F -R -y "$dir/fpm.conf" >/dev/null 2>&1 &
workers=$!
while [ "$(pgrep -c -f "php-fpm: pool www")" -lt 200 ]; do sleep 0.2; done
starts many "the same with 200 php-fpm workers"

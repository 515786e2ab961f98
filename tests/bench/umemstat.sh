#!/bin/sh
# umemstat: time of a scan and of a sample, what they cost the process looked at, and what other tools cost it.
set -eu
dir=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null || true; rm -rf "$dir"' EXIT
umem=$TOP/target/release/libumem.so
for name in tree churn stacks; do
    cc -O1 -g -fno-omit-frame-pointer -o "$dir/$name" "$TOP/tests/bench/umemstat/$name.c"
done
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
# Starts a program under libumem and waits until it is ready; its number is in $pid.
start() {
    # shellcheck disable=SC2094
    LD_PRELOAD=$umem "$@" >"$dir/ready" &
    pid=$!
    pids="$pids $pid"
    while ! grep -q ready "$dir/ready"; do sleep 0.1; done
}
# User and system seconds of a command.
cpu() { { command time -f '%U %S' "$@" >/dev/null 2>"$dir/log"; } || true; tail -n 1 "$dir/log" | awk '{ print $1 + $2 }'; }

start "$dir/tree" 16000000
printf 'leak scan of 16 000 000 blocks, 977 MiB, median of 5 runs (ms in all, ms stopped, s of CPU):\n'
for how in --freeze ''; do
    # shellcheck disable=SC2086
    for _ in 1 2 3 4 5; do umemstat leaks -v $how "$pid" | tail -n 1; done >"$dir/scans"
    all=$(sed 's/.* scans, \([0-9]*\) ms.*/\1/' "$dir/scans" | median)
    stopped=$(sed -n 's/.*stopped for \([0-9]*\) ms.*/\1/p' "$dir/scans" | median)
    # shellcheck disable=SC2086
    work=$(for _ in 1 2 3; do cpu umemstat leaks $how "$pid"; done | median)
    printf '  %-9s %6s %6s %6s\n' "${how:-running}" "$all" "${stopped:-0}" "$work"
done
printf 'one sample of its tables (of 1000): '
for _ in 1 2 3; do cpu umemstat -H "$pid" 0.001 1001; done | median | awk '{ printf "%.3f ms of CPU, starting apart\n", $1 }'
kill "$pid"

start env UMEM_DEBUG=audit "$dir/stacks" 100000
printf 'users of 100 000 stacks: '
for _ in 1 2 3; do cpu umemstat users -e -H "$pid"; done | median | awk '{ printf "%.2f s of CPU\n", $1 }'
kill "$pid"

printf 'CPU of 1 000 000 000 allocations, alone and watched (median of 3 alternating runs):\n'
for _ in 1 2 3; do
    for hz in 0 1 100; do
        command time -f '%U %S' -o "$dir/time" env LD_PRELOAD="$umem" "$dir/churn" 2000000000 &
        waiter=$!
        sleep 0.2
        target=$(pgrep -n -x churn)
        if [ "$hz" != 0 ]; then umemstat -H "$target" "$(awk "BEGIN { print 1 / $hz }")" >/dev/null 2>&1 & fi
        wait "$waiter"
        awk '{ print $1 + $2 }' "$dir/time" >>"$dir/hz.$hz"
    done
done
for hz in 0 1 100; do printf '  %3s samples a second: %s s\n' "$hz" "$(median <"$dir/hz.$hz")"; done

printf 'CPU of 2 000 000 allocations (median of 3 runs) under:\n'
line() {
    name=$1
    shift
    printf '  %-36s %s s\n' "$name" "$(for _ in 1 2 3; do cpu "$@"; done | median)"
}
line 'glibc, nobody looking' "$dir/churn" 2000000
line 'libumem' env LD_PRELOAD="$umem" "$dir/churn" 2000000
line 'umemstat run (audit, leaks at exit)' umemstat run "$dir/churn" 2000000
if command -v heaptrack >/dev/null; then line 'heaptrack' heaptrack -o "$dir/heaptrack" "$dir/churn" 2000000; fi
if command -v valgrind >/dev/null; then line 'valgrind --leak-check=full' valgrind -q --leak-check=full "$dir/churn" 2000000; fi

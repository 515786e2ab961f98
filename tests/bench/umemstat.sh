#!/bin/sh
# umemstat: time of a scan and of a sample, what they cost the process looked at, and what other tools cost it.
set -eu
dir=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null || true; rm -rf "$dir"' EXIT
umem=$TOP/target/release/libumem.so
for name in tree churn stacks paced; do
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

# Two seconds alone, two watched, in turn; a unit of work that took more than three times the usual (another program's doing) counts as three.
pairs=${PAIRS:-60}
LD_PRELOAD=$umem "$dir/paced" >"$dir/paced.out" &
target=$!
pids="$pids $target"
for _ in $(seq "$pairs"); do
    from=$(date +%s.%N)
    sleep 2
    middle=$(date +%s.%N)
    umemstat -H "$target" 1 >/dev/null &
    watcher=$!
    sleep 2
    echo "$from $middle $(date +%s.%N)" >>"$dir/pairs"
    { kill "$watcher" && wait "$watcher"; } 2>/dev/null || true
done
kill "$target"
cap=$(awk '{ print 3 * $2 }' "$dir/paced.out" | median)
printf 'CPU of the same work, watched once a second against alone, change in %%: '
awk -v cap="$cap" '
    NR == FNR { from[NR] = $1; middle[NR] = $2; to[NR] = $3; n = NR; next }
    { cpu = $2 > cap ? cap : $2; while (k == 0 || k <= n && $1 > to[k]) k++ }
    $1 > from[k] + 0.05 && $1 < middle[k] { alone[k] += cpu; units[k]++ }
    $1 > middle[k] + 0.05 && $1 < to[k] { watched[k] += cpu; others[k]++ }
    END { for (k = 1; k <= n; k++) if (units[k] && others[k]) print 100 * (watched[k] / others[k] / (alone[k] / units[k]) - 1) }
' "$dir/pairs" "$dir/paced.out" | sort -n | awk '
    { value[NR] = $1; sum += $1; squares += $1 * $1 }
    END { mean = sum / NR; printf "median %+.2f, mean %+.2f +- %.2f (95 %%, %d pairs)\n", value[int((NR + 1) / 2)], mean,
        1.96 * sqrt((squares / NR - mean * mean) / NR), NR }'

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
# memleak-bpfcc wants the kernel's headers to compile with; where they are missing this does what it does: a stack at each allocation, kept until the free.
if command -v bpftrace >/dev/null; then
    libc=$(ldd "$dir/churn" | awk '/libc.so/ { print $3 }')
    cat >"$dir/memleak.bt" <<-EOF
	uprobe:$libc:malloc /pid == cpid/ { @size[tid] = arg0; }
	uretprobe:$libc:malloc /pid == cpid && @size[tid]/ { @at[retval] = (@size[tid], ustack(15)); delete(@size[tid]); }
	uprobe:$libc:free /pid == cpid && arg0/ { delete(@at[arg0]); }
	END { clear(@size); clear(@at); }
	EOF
    line 'memleak in bpftrace' bpftrace -c "$dir/churn 2000000" "$dir/memleak.bt"
fi
printf 'Planted leaks:\n'
(cd "$TOP" && cargo test -q -p tests --test umemstat -- planted_leaks)

#!/bin/sh
# CPU seconds per unit of work as a ratio to glibc's malloc, and peak resident MiB, for libumem.so and its peers:
# alternating runs, medians of ROUNDS. `umem.sh NAME...` runs only the named rows.
set -eu
cd "$(dirname "$0")/umem"
# php runs without its extensions (-n): it loads them with RTLD_DEEPBIND, under which a preloaded peer crashes.
rounds=${ROUNDS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 -o "$work/cpu" cpu.c
cc -O2 -pthread -o "$work/workload" workload.c
cc -O2 -I"$TOP/lib/umem-so/include" -o "$work/limits" limits.c -L"$TOP/target/release" -Wl,-rpath,"$TOP/target/release" -lumem
lib=/usr/lib/x86_64-linux-gnu
for peer in "glibc -" "umem $TOP/target/release/libumem.so" "mimalloc $lib/libmimalloc.so.2" "jemalloc $lib/libjemalloc.so.2" \
    "tcmalloc $lib/libtcmalloc_minimal.so.4"; do
    path=${peer#* }
    if [ "$path" = - ] || [ -e "$path" ]; then echo "$peer"; fi
done >"$work/peers"

# A row: its name, and the command.
rows() {
    cat <<ROWS
pair-1 $work/workload pair 1
symmetric-1 $work/workload symmetric 1
symmetric-2 $work/workload symmetric 2
mixed-1 $work/workload mixed 1
mixed-2 $work/workload mixed 2
server-2 $work/workload server 2
server-8 $work/workload server 8
handoff-1 $work/workload handoff 1
handoff-4 $work/workload handoff 4
stress-2 $work/workload stress 2
stress-8 $work/workload stress 8
large-1 $work/workload large 1
leaky-2 $work/workload leaky 2
symmetric-4 $work/workload symmetric 4
symmetric-16 $work/workload symmetric 16
symmetric-64 $work/workload symmetric 64
live-10 $work/workload live 1 10
live-10000 $work/workload live 1 10000
live-10000000 $work/workload live 1 10000000
python3 /usr/bin/python3 real.py
php /usr/bin/php -n real.php
perl /usr/bin/perl real.pl
gcc gcc -O2 -c -o $work/o.o workload.c
ROWS
}

printf '%-13s' WORK
while read -r name _; do printf ' %15s' "$name"; done <"$work/peers"
printf '   (CPU / glibc, peak MiB)\n'
rows | while read -r row command; do
    [ $# -eq 0 ] || case " $* " in *" $row "*) ;; *) continue ;; esac
    command -v "${command%% *}" >/dev/null || continue
    : >"$work/got"
    i=0
    while [ $i -lt "$rounds" ]; do
        while read -r name path; do
            # shellcheck disable=SC2086
            "$work/cpu" "$path" $command | sed "s/^/$name /" >>"$work/got" || echo "$name failed 0" >>"$work/got"
        done <"$work/peers"
        i=$((i + 1))
    done
    sort -k1,1 -k2,2n "$work/got" | awk -v row="$row" -v peers="$(cut -d' ' -f1 "$work/peers" | tr '\n' ' ')" '
        { n[$1]++; cpu[$1, n[$1]] = $2; if ($3 > kib[$1]) kib[$1] = $3; if ($2 == "failed") bad[$1] = 1 }
        END {
            count = split(peers, p, " ")
            base = cpu["glibc", int((n["glibc"] + 1) / 2)]
            printf "%-13s", row
            for (i = 1; i <= count; i++)
                if (bad[p[i]] || !n[p[i]]) printf " %15s", "fails"
                else printf " %7.2f %7.1f", cpu[p[i], int((n[p[i]] + 1) / 2)] / base, kib[p[i]] / 1024
            printf "   glibc %.2f s\n", base
        }'
done
[ $# -gt 0 ] || "$work/limits"

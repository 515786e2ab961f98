#!/bin/sh
# libumem under large programs: each runs alone, preloaded, and with UMEM_DEBUG=default, must end and print alike, and says its CPU.
# Those that are not installed are passed over: sh tests/bench/umem-trials.sh (as root, from anywhere, after make and tests/setup.sh).
set -eu
TOP=$(cd "$(dirname "$0")/../.." && pwd)
umem=$TOP/target/release/libumem.so
pkgs=$TOP/target/pkgs
dir=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null || true; rm -rf "$dir"' EXIT
chmod 755 "$dir"
cd "$dir"
port=$((21000 + $$ % 9000))
nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"

# trial NAME COMMAND: runs the shell text in a fresh folder each way; $with is what puts a program under the allocator.
trial() {
    name=$1
    printf '%-34s' "$name"
    for way in '' default-off default; do
        rm -rf run
        mkdir -m 777 run
        case $way in
        '') with= ;;
        default-off) with="env LD_PRELOAD=$umem" ;;
        *) with="env LD_PRELOAD=$umem UMEM_DEBUG=$way" ;;
        esac
        export with port pkgs nobody
        if (cd run && command time -f '%U %S %M' -o ../time timeout 300 sh -c "$2" >../out 2>../err); then status=ok; else status=failed; fi
        if [ -z "$way" ]; then cp out first; elif ! cmp -s out first; then status="$status,other-output"; fi
        if grep -q 'umem' err; then status="$status,$(grep -m 1 umem err)"; fi
        printf ' %-4s %6s s' "$status" "$(tail -n 1 time | awk '{ print $1 + $2 }')"
    done
    printf '\n'
}
# have NAME PROGRAM: whether it can be tried.
have() { command -v "$2" >/dev/null || { printf '%-34s not installed\n' "$1"; return 1; }; }

printf '%-34s %-13s %-13s %s\n' PROGRAM alone libumem UMEM_DEBUG=default
if have python3 python3; then
    # shellcheck disable=SC2016
    trial python3 'PYTHONMALLOC=malloc $with python3 -c "
import json, threading
d = [{str(i): [i] * 3} for i in range(100000)]
t = [threading.Thread(target=lambda: json.loads(json.dumps(d[:5000]))) for _ in range(8)]
[x.start() for x in t]; [x.join() for x in t]
print(sum(len(x) for x in d))"'
fi
# shellcheck disable=SC2016
{
    if have php php; then
        trial php 'USE_ZEND_ALLOC=0 $with php -r "\$a = []; for (\$i = 0; \$i < 200000; \$i++) \$a[] = str_repeat(chr(65 + \$i % 26), \$i % 90); echo md5(json_encode(\$a));"'
    fi
    if have perl perl; then trial perl '$with perl -e '\''my %h; $h{$_ % 9973} .= "x" x ($_ % 40) for 1..300000; print scalar keys %h'\'; fi
    if have git git; then
        trial git 'export HOME=$PWD GIT_CONFIG_NOSYSTEM=1; $with git init -q . && for i in 1 2 3 4 5; do seq $((i * 9999)) >f$i; $with git add . && $with git -c user.name=a -c user.email=a@b commit -qm $i; done; $with git gc -q && $with git fsck --full 2>/dev/null; $with git log --format=%s'
    fi
    if have gcc gcc; then
        trial 'gcc and g++ -O2' 'printf "#include <map>\n#include <string>\n#include <iostream>\nint main() { std::map<int, std::string> m; for (int i = 0; i < 999; i++) m[i %% 77] += \"x\"; std::cout << m.size(); }\n" >h.cc; $with g++ -O2 h.cc -o h && $with ./h'
    fi
    if have cmake cmake; then
        trial 'cmake and make' 'printf "cmake_minimum_required(VERSION 3.10)\nproject(h C)\nadd_executable(h h.c)\n" >CMakeLists.txt; printf "int main(void) { return 0; }\n" >h.c; $with cmake -B b >/dev/null && $with make -s -C b >/dev/null && $with b/h'
    fi
    if have bash bash; then trial bash '$with bash -c "declare -A a; for i in {1..30000}; do a[\$((i % 500))]+=x; done; echo \${#a[@]}"'; fi
    if have sqlite3 sqlite3; then
        trial sqlite3 '$with sqlite3 t.db "create table t(a integer primary key, b text); with recursive c(x) as (select 1 union all select x + 1 from c where x < 100000) insert into t select x, hex(x * 77) from c; create index i on t(b); select count(distinct b), max(b) from t"'
    fi
    if have node node; then
        trial node '$with node -e "const m = new Map(); for (let i = 0; i < 3e5; i++) m.set(i % 999, Buffer.alloc(i % 300)); console.log(m.size, JSON.stringify([...m.keys()]).length)"'
    fi
    if have gdb gdb; then
        trial gdb 'printf "int f(int n) { return n ? f(n - 1) + 1 : 0; }\nint main(void) { return f(3); }\n" >h.c; gcc -g h.c -o h; $with gdb -nx -batch -ex "set startup-with-shell off" -ex "break f if n == 0" -ex run -ex "bt -frame-arguments all" ./h 2>/dev/null | grep "^#" | sed "s/0x[0-9a-f]*//"'
    fi
    if have qemu qemu-system-x86_64; then
        trial qemu 'printf "%s\n" "{\"execute\":\"qmp_capabilities\"}" "{\"execute\":\"query-cpus-fast\"}" "{\"execute\":\"quit\"}" | $with qemu-system-x86_64 -nodefaults -display none -m 64 -accel tcg -device virtio-net-pci,netdev=n -netdev user,id=n -qmp stdio | grep -c return'
    fi
    if [ -x "$pkgs/redis-server/usr/bin/redis-server" ]; then
        trial 'redis-server, redis-benchmark' 'export LD_LIBRARY_PATH=$pkgs/redis-server/usr/lib/x86_64-linux-gnu; r=$pkgs/redis-server/usr/bin; $with $r/redis-server --port $port --bind 127.0.0.1 --save "" >/dev/null & s=$!; until $r/redis-cli -p $port ping >/dev/null 2>&1; do sleep 0.1; done; $r/redis-benchmark -p $port -q -n 30000 -r 10000 -d 200 -t set,get,lpush,sadd >/dev/null; $r/redis-cli -p $port llen mylist; $r/redis-cli -p $port shutdown nosave; wait $s'
    fi
    if [ -x "$pkgs/postgresql-15/usr/lib/postgresql/15/bin/initdb" ]; then
        trial 'postgresql: initdb and pgbench' 'b=$pkgs/postgresql-15/usr/lib/postgresql/15/bin; $nobody $with $b/initdb -D db -A trust -N >/dev/null && $nobody $with $b/postgres -D db -k $PWD -p $port -h "" >/dev/null 2>log & until $b/psql -h $PWD -p $port -U nobody postgres -c "" >/dev/null 2>&1; do sleep 0.2; done; $b/pgbench -i -q -s 1 -h $PWD -p $port -U nobody postgres >/dev/null 2>&1; $with $b/pgbench -c 4 -j 2 -t 300 -h $PWD -p $port -U nobody postgres | grep processed; $b/psql -At -h $PWD -p $port -U nobody postgres -c "select count(*) from pgbench_history"; kill $(head -n 1 db/postmaster.pid); wait'
    fi
    if [ -x "$pkgs/openssh-server/usr/sbin/sshd" ] && have ssh ssh; then
        trial 'sshd and ssh' 'ssh-keygen -q -t ed25519 -N "" -f key; cp key.pub authorized; chmod 600 authorized; cp /etc/passwd users; echo "sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin" >>users; export LD_LIBRARY_PATH=$pkgs/openssh-server/usr/lib/x86_64-linux-gnu; unshare -m sh -c "mount --bind users /etc/passwd && mount -t tmpfs none /run && mkdir /run/sshd && exec $with $pkgs/openssh-server/usr/sbin/sshd -D -f /dev/null -h $PWD/key -p $port -o ListenAddress=127.0.0.1 -o PidFile=none -o UsePAM=no -o StrictModes=no -o PermitRootLogin=yes -o AuthorizedKeysFile=$PWD/authorized" & s=$!; sleep 1; for i in 1 2 3; do $with ssh -F /dev/null -i key -p $port -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@127.0.0.1 "seq 100000" | cksum; done; kill $s'
    fi
    if have chromium chromium; then
        trial 'chromium --headless' '$with chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir=$PWD/p --dump-dom "data:text/html,<p id=p></p><script>p.textContent = [...Array(1000).keys()].reduce((a, b) => a + b)</script>" 2>/dev/null'
    fi
    trial 'a setuid program' 'cp /usr/bin/id ./id && chown 65534 id && chmod 4755 id && setpriv --reuid=1 --regid=1 --clear-groups $with ./id -un'
}

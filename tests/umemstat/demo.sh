#!/bin/sh
# live Python and PHP: cache tables, growth, a leak scan
# must show: umem_alloc_3072 +3072 +2.*
# must show:  +Total +[0-9]+ buffers, .*
set -eu
run() { printf '$ %s\n' "$1"; sh -c "$1"; }
export UMEM="$TOP/target/release/libumem.so"
for program in python3 php; do
    command -v $program >/dev/null || { echo "needs $program"; exit 77; }
done
cat >app.py <<'END'
import time
print("ready", flush=True)
keep = []
while True:
    keep.append("x" * (560 + len(keep) % 2))
    time.sleep(0.001)
END
cat >app.php <<'END'
<?php echo "ready\n"; $a = []; for ($i = 0; $i < 20000; $i++) $a[] = str_repeat("y", 3000); sleep(60);
END
printf '$ LD_PRELOAD=libumem.so python3 app.py &\n$ LD_PRELOAD=libumem.so php app.php &\n'
LD_PRELOAD=$UMEM python3 app.py >python.out &
python=$!
USE_ZEND_ALLOC=0 LD_PRELOAD=$UMEM php app.php >php.out &
php=$!
trap 'kill $python $php' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -s python.out ] && [ -s php.out ] && break
    sleep 0.5
done
sleep 0.5
run "umemstat -s memory $php | sed -n '5,14p'"
run "umemstat -c 'umem_alloc_640' $python 1 3 | tail -n 11"
run "umemstat -c umem_alloc_640 $python,$php"
run "umemstat leaks -v --freeze $php"

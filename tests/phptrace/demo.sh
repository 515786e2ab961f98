#!/bin/sh
# calls and times of a real PHP script, by its own probes
# must show: .* function-entry
# must show:   price +200
# must show: .*\|@+ +[0-9]+ *
# must show:   tax +200
set -eu
run() { printf '$ %s\n' "$1"; sh -c "$1"; }
[ "$(id -u)" = 0 ] || { echo "needs root, or CAP_BPF and CAP_PERFMON"; exit 77; }
command -v php >/dev/null || { echo "needs php"; exit 77; }
cat >shop.php <<'PHP'
<?php
function price($n) { usleep(50 * ($n % 40)); return $n * 3; }
function tax($p) { return (int) ($p / 5); }
function cart($n) { $s = 0; for ($i = 0; $i < $n; $i++) { $p = price($i); $s += $p + tax($p); } return $s; }
cart(200);
PHP
run "phptrace -l -c 'php shop.php' | grep -e PROVIDER -e function-"
echo
run "phptrace -q -n 'php*:::function-entry{@[copyinstr(arg0)] = count()}' -c 'php shop.php'"
echo
run "phptrace -q -n 'function-entry{self->ts = timestamp}
function-return/self->ts/{@[copyinstr(arg0)] = quantize((timestamp - self->ts) / 1000); self->ts = 0}' -c 'php shop.php'"

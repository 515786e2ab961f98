#!/bin/sh
# PHP in the slab allocator; a double free named
# must show: 500500
# must show: umem allocator: duplicate free: .*
# shellcheck disable=SC2016 # LIB is for the shells that run the lines.
set -eu
run() { printf '$ %s\n' "$1"; sh -c "$1"; }
for program in php gcc; do
    command -v $program >/dev/null || { echo "needs $program"; exit 77; }
done
export LIB="$TOP/target/release/libumem.so"
run 'USE_ZEND_ALLOC=0 LD_PRELOAD=$LIB php -r "echo array_sum(range(1, 1000)), PHP_EOL;"'
run 'printf "#include <stdlib.h>\nint main(void) { void *p = malloc(40); free(p); free(p); }\n" >twice.c'
run 'gcc -w -rdynamic -fno-builtin twice.c -o twice'
run '(UMEM_DEBUG=default LD_PRELOAD=$LIB ./twice || true) 2>&1'

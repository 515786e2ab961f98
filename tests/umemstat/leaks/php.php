<?php // Plants leaks in a PHP process, as a careless extension would: blocks of 100003 bytes.
$c = FFI::cdef("void *malloc(size_t); void *memset(void *, int, size_t);");
$kept = $c->malloc(100003);
for ($i = 0; $i < 4; $i++) $c->memset($c->malloc(100003), 0, 100003);
$c->malloc(8); // What the last call left in its frames is overwritten.
for ($i = 0; $i < 1000; $i++) $others[] = str_repeat("x", 20 + $i % 60);
if ($argc > 2) { echo "ready\n"; sleep(60); }
FFI::cdef("void _exit(int);")->_exit(0);

<?php
function price($n) { usleep(50 * ($n % 40)); return $n * 3; }
function tax($p) { return (int) ($p / 5); }
function cart($n) { $s = 0; for ($i = 0; $i < $n; $i++) { $p = price($i); $s += $p + tax($p); } return $s; }
cart(200);

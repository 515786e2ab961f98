<?php
for ($i = 0; $i < 3; $i++) {
    $a = [];
    for ($j = 0; $j < 400000; $j++) {
        $a[] = str_repeat('x', $j % 99) . $j;
    }
}

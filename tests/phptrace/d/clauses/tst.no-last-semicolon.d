/* the last statement needs no semicolon */

#pragma D option quiet

BEGIN { printf("a\n"); exit(0) }

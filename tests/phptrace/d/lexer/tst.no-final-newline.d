/* a program without a line end at its end */

#pragma D option quiet

BEGIN { printf("a\n"); exit(0); }

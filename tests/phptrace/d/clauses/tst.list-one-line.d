/* several descriptions on one line */

#pragma D option quiet

dtrace:::BEGIN, dtrace:::END { printf("%s\n", probename); }
BEGIN { exit(0); }

# No server listens on these ports
$ clocksync 127.0.0.1:1 127.0.0.1:2
clocksync: 127.0.0.1:1: Connection refused
clocksync: 127.0.0.1:2: Connection refused
SERVER       STRATUM  OFFSET  DELAY  LOW  HIGH  SAMPLES  STATE
127.0.0.1:1        -       -      -    -     -        0  unreachable
127.0.0.1:2        -       -      -    -     -        0  unreachable
clocksync: no server gave the time
[1]
$ clocksync -H 127.0.0.1:1
clocksync: 127.0.0.1:1: Connection refused
127.0.0.1:1	-	-	-	-	-	0	unreachable
*	-	-	-	-	-	0	none
clocksync: no server gave the time
[1]
$ clocksync -p samples,state 127.0.0.1:1
clocksync: 127.0.0.1:1: Connection refused
0:unreachable
0:none
clocksync: no server gave the time
[1]
$ clocksync --csv 127.0.0.1:1
clocksync: 127.0.0.1:1: Connection refused
SERVER,STRATUM,OFFSET,DELAY,LOW,HIGH,SAMPLES,STATE
127.0.0.1:1,-,-,-,-,-,0,unreachable
*,-,-,-,-,-,0,none
clocksync: no server gave the time
[1]
$ clocksync -s 127.0.0.1:1
clocksync: 127.0.0.1:1: Connection refused
SERVER       STRATUM  OFFSET  DELAY  LOW  HIGH  SAMPLES  STATE
127.0.0.1:1        -       -      -    -     -        0  unreachable
clocksync: no server gave the time
[1]
# The reader is gone, or the disk is full
$ clocksync 127.0.0.1:1 2>/dev/null | true
$ clocksync 127.0.0.1:1 >/dev/full
clocksync: 127.0.0.1:1: Connection refused
clocksync: no server gave the time
clocksync: stdout: No space left on device
[1]
# What it says of itself
$ clocksync -h | head -n 1
usage: clocksync [-s [--max-step TIME]] [--samples COUNT] [-t TIME] [--max-offset TIME] [-H | -p FIELD,... | --csv] SERVER...
$ clocksync -V
clocksync 0.1.0

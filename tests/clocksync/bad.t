# Bad command lines
$ clocksync
clocksync: expected a SERVER (clocksync -h tells the usage)
[2]
$ clocksync -x ntp.example.net
clocksync: -x: no such option (clocksync -h tells the usage)
[2]
$ clocksync ''
clocksync: '': expected host, host:port or [address]:port (clocksync -h tells the usage)
[2]
$ clocksync - </dev/null
clocksync: -: expected host, host:port or [address]:port (clocksync -h tells the usage)
[2]
$ clocksync a:0
clocksync: a:0: expected host, host:port or [address]:port (clocksync -h tells the usage)
[2]
$ clocksync 'a b'
clocksync: a b: expected host, host:port or [address]:port (clocksync -h tells the usage)
[2]
$ clocksync '[::1]:x'
clocksync: [::1]:x: expected host, host:port or [address]:port (clocksync -h tells the usage)
[2]
$ clocksync 127.0.0.1 127.0.0.1:123
clocksync: 127.0.0.1: named twice, and would be counted twice (clocksync -h tells the usage)
[2]
$ clocksync --samples 0 127.0.0.1
clocksync: --samples: expected 1 to 64 (clocksync -h tells the usage)
[2]
$ clocksync --samples many 127.0.0.1
clocksync: --samples many: expected a number (clocksync -h tells the usage)
[2]
$ clocksync -t 1x 127.0.0.1
clocksync: -t 1x: expected a duration, such as 1h30m, 90s or 500ms (clocksync -h tells the usage)
[2]
$ clocksync -t 2h 127.0.0.1
clocksync: -t: expected 10ms to 1m (clocksync -h tells the usage)
[2]
$ clocksync --max-step 1s 127.0.0.1
clocksync: --max-step: expected -s with it (clocksync -h tells the usage)
[2]
$ clocksync -s --max-offset 1s 127.0.0.1
clocksync: --max-offset: a check of the clock, not to be joined with -s, whose limit is --max-step (clocksync -h tells the usage)
[2]
$ clocksync -p colour 127.0.0.1
clocksync: -p colour: expected one of server,stratum,offset,delay,low,high,samples,state (clocksync -h tells the usage)
[2]
$ clocksync -d 127.0.0.1
clocksync: -d: takes its servers and limits from the configuration (clocksync -h tells the usage)
[2]
$ clocksync -d -s
clocksync: -d: takes its servers and limits from the configuration (clocksync -h tells the usage)
[2]
$ clocksync -n
clocksync: -c and -n: expected -d with them (clocksync -h tells the usage)
[2]
$ clocksync -c clocksync.conf 127.0.0.1
clocksync: -c and -n: expected -d with them (clocksync -h tells the usage)
[2]

# The daemon's configuration, checked
$ printf 'server ntp.example.net\nsteer yes\n' | clocksync -d -n -c -
$ clocksync -d -n -c - </dev/null
clocksync: stdin: no server: expected one line of `server HOST` at least
[78]
$ clocksync -d -n -c no-such-file
clocksync: no-such-file: No such file or directory
[78]
$ clocksync -d -n -c /
clocksync: /: Is a directory
[78]
$ printf 'server a\npoll often\n' >c; clocksync -d -n -c c
clocksync: c:2: poll often: expected 8s to 1024s
[78]
$ printf 'server a\nserver a\n' | clocksync -d -n -c -
clocksync: stdin:2: server a: named twice, and would be counted twice
[78]
$ printf 'server a\n\nsteer perhaps\n' | clocksync -d -n -c -
clocksync: stdin:3: steer perhaps: expected yes or no
[78]
$ printf 'peer a\n' | clocksync -d -c -
clocksync: stdin:1: peer: expected server, poll, steer, step or max-step
[78]
$ printf 'server \377\n' | clocksync -d -n -c -
clocksync: stdin:1: not UTF-8 text
[78]
$ printf 'server a\n' | SMF_FMRI=svc:/site/clocksync clocksync -d -n -c no-such-file
clocksync: no-such-file: No such file or directory
[96]
$ printf 'steer yes\n' | SMF_FMRI=svc:/site/clocksync clocksync -d -n -c -
clocksync: stdin:1: no server: expected one line of `server HOST` at least
[96]

# What every tool does alike: wrong use is one line on standard error, status 2; an argument repeated in it neither floods nor drives a terminal.
$ for t in clocksync duo-login phptrace toshkeyd umemstat zonesnap; do $t --colour; echo $?; done
clocksync: --colour: no such option (clocksync -h tells the usage)
2
duo-login: --colour: no such option (duo-login --help tells the usage)
2
phptrace: --colour: no such option (phptrace -h tells the usage)
2
toshkeyd: --colour: no such option (toshkeyd -h tells the usage)
2
umemstat: --colour: no such option (umemstat -h tells the usage)
2
zonesnap: --colour: no such option (zonesnap -h tells the usage)
2
$ for t in clocksync duo-login phptrace toshkeyd umemstat zonesnap; do $t --"$(printf 'a\033[2Jb\nc')"; done
clocksync: --a\x1b[2Jb\nc: no such option (clocksync -h tells the usage)
duo-login: --a\x1b[2Jb\nc: no such option (duo-login --help tells the usage)
phptrace: --a\x1b[2Jb\nc: no such option (phptrace -h tells the usage)
toshkeyd: --a\x1b[2Jb\nc: no such option (toshkeyd -h tells the usage)
umemstat: --a\x1b[2Jb\nc: no such option (umemstat -h tells the usage)
zonesnap: --a\x1b[2Jb\nc: no such option (zonesnap -h tells the usage)
[2]
$ for t in clocksync duo-login phptrace toshkeyd umemstat zonesnap; do $t --help=1; done
clocksync: --help: takes no argument (clocksync -h tells the usage)
duo-login: --help: takes no argument (duo-login --help tells the usage)
phptrace: --help: takes no argument (phptrace -h tells the usage)
toshkeyd: --help: takes no argument (toshkeyd -h tells the usage)
umemstat: --help: takes no argument (umemstat -h tells the usage)
zonesnap: --help: takes no argument (zonesnap -h tells the usage)
[2]
$ for t in clocksync duo-login phptrace toshkeyd umemstat zonesnap; do $t "$(printf 'caf\351')"; echo $?; done
clocksync: caf\xe9: not UTF-8 (clocksync -h tells the usage)
2
duo-login: caf\xe9: not UTF-8 (duo-login --help tells the usage)
2
phptrace: caf\xe9: not UTF-8 (phptrace -h tells the usage)
2
toshkeyd: caf\xe9: not UTF-8 (toshkeyd -h tells the usage)
2
umemstat: caf\xe9: not UTF-8 (umemstat -h tells the usage)
2
zonesnap: caf\xe9: not UTF-8 (zonesnap -h tells the usage)
2
$ long=$(printf '%65536s' '' | tr ' ' x)
> for t in clocksync phptrace toshkeyd umemstat 'umemstat run' 'zonesnap list' 'zonesnap snap'; do $t "$long" 2>&1 | tee all | wc -l; [ "$(wc -c <all)" -lt 700 ] && sed 's/xxx*/X/g' all; done
1
clocksync: X[...]X: expected host, host:port or [address]:port (clocksync -h tells the usage)
1
phptrace: X[...]X: no such report (alloc, calls, errors, flow, lines, requests, slow, time), and no -n or -s (phptrace -h tells the usage)
1
toshkeyd: X[...]X: File name too long
1
umemstat: X[...]X: open: File name too long
1
umemstat: X[...]X: File name too long
1
zonesnap: X[...]X: File name too long
1
zonesnap: X[...]X: File name too long
$ for t in clocksync phptrace toshkeyd umemstat 'umemstat run' 'zonesnap list' 'zonesnap snap'; do $t ''; echo $?; done
clocksync: '': expected host, host:port or [address]:port (clocksync -h tells the usage)
2
phptrace: '': no such report (alloc, calls, errors, flow, lines, requests, slow, time), and no -n or -s (phptrace -h tells the usage)
2
toshkeyd: '': No such file or directory
1
umemstat: '': no such core file, nor a process number (-p NAME finds a program)
1
umemstat: '': No such file or directory
1
zonesnap: '': No such file or directory
1
zonesnap: '': No such file or directory
1

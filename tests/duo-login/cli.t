# The command line: both names, wrong options, what cannot be read or written.
$ duo-login -v
duo-login 0.1.0
$ duo-login --version
duo-login 0.1.0
$ duo-login --nonsense
duo-login: --nonsense: no such option (duo-login --help tells the usage)
[2]
$ duo-login -h
duo-login: -h: expected an argument (duo-login --help tells the usage)
[2]
$ duo-login --check --enroll
duo-login: --check and --enroll exclude each other (duo-login --help tells the usage)
[2]
$ duo-login --enroll
duo-login: --enroll: expected one user (duo-login --help tells the usage)
[2]
$ ln -s "$(command -v duo-login)" login_duo; ./login_duo -v
login_duo 0.1.0
[1]
$ ./login_duo -h
./login_duo: option requires an argument -- 'h'
Usage: login_duo [-v] [-c config] [-d] [-f duouser] [-h host] [prog [args...]]
[1]
$ ./login_duo -x
./login_duo: invalid option -- 'x'
Usage: login_duo [-v] [-c config] [-d] [-f duouser] [-h host] [prog [args...]]
[1]
$ ./login_duo --check
./login_duo: invalid option -- '-'
Usage: login_duo [-v] [-c config] [-d] [-f duouser] [-h host] [prog [args...]]
[1]
$ ./login_duo ls -la
./login_duo: invalid option -- 'l'
Usage: login_duo [-v] [-c config] [-d] [-f duouser] [-h host] [prog [args...]]
[1]
$ ./login_duo -?
Usage: login_duo [-v] [-c config] [-d] [-f duouser] [-h host] [prog [args...]]
[1]
$ duo-login --help
usage: duo-login [-v] [-c config] [-d] [-f duouser] [-h host] [prog [args...]]
       duo-login --check [-c config] [--sshd file] [-H] [-p field,...] [--csv]
       duo-login --enroll [-c config] user

Options:
        --help          print this text
        --version       print the version
    -v                  print the version on standard error
    -c FILE             configuration file; only root may say so
    -d                  log to standard error
    -f USER             name of the user at Duo; only root may say so
    -h HOST             address of the client, where sshd does not tell it
        --check         check configuration, API and sshd; nothing is sent to
                        a phone
        --sshd FILE     with --check: the output of sshd -T, - for standard
                        input
        --enroll        give USER a new offline factor and print it
    -H                  no header; tabs between fields
    -p FIELD,...        these fields only, colons between them, no header
        --csv           comma-separated values (RFC 4180)
$ duo-login --help >/dev/full
duo-login: stdout: No space left on device
[1]
$ duo-login --help | head -1
usage: duo-login [-v] [-c config] [-d] [-f duouser] [-h host] [prog [args...]]
# No configuration: denied under this name, and told; let in under the other, as login_duo does.
$ duo-login -d -c missing -f u echo in
[6] Loading config file missing
Couldn't open missing: No such file or directory
[4] Failsecure Duo login for 'u': configuration fault: Couldn't open missing: No such file or directory
[1]
$ ./login_duo -d -c missing -f u echo in
[6] Loading config file missing
Couldn't open missing: No such file or directory
[4] Failsafe Duo login for 'u': configuration fault: Couldn't open missing: No such file or directory
in
$ ./login_duo -d -c - -f u echo in
[6] Loading config file -
Couldn't open -: No such file or directory
[4] Failsafe Duo login for 'u': configuration fault: Couldn't open -: No such file or directory
in
$ mkdir dir; chmod 700 dir; ./login_duo -d -c dir -f u -h 192.0.2.1 -- sh -c exit
[6] Loading config file dir
Couldn't open dir: Is a directory
[4] Failsafe Duo login for 'u' from 192.0.2.1: configuration fault: Couldn't open dir: Is a directory
$ install -m 600 /dev/null empty; duo-login -d -c empty -f u echo in
[6] Loading config file empty
Missing host, ikey, or skey in empty
[4] Failsecure Duo login for 'u': configuration fault: Missing host, ikey, or skey in empty
[1]
$ printf 'ikey = a\nskey = b\nhost\n' >bad; chmod 600 bad; duo-login -d -c bad -f u echo in
[6] Loading config file bad
Parse error in bad, line 3: expected key = value
[4] Failsecure Duo login for 'u': configuration fault: Parse error in bad, line 3: expected key = value
[1]
# --check
$ echo garbage >sshd-T; duo-login --check -c bad --sshd sshd-T
duo-login: sshd-T: expected the output of sshd -T
[1]
$ duo-login --check -c bad --sshd missing
duo-login: missing: No such file or directory
[1]
$ printf 'port 22\nforcecommand none\n' | duo-login --check -c bad --sshd -
LEVEL  PART           FINDING                                              MEND
fault  configuration  Parse error in bad, line 3: expected key = value     see duo-login.conf(5)
fault  sshd           ForceCommand is none: no second factor is asked for  ForceCommand /usr/local/sbin/duo-login
[1]
$ printf 'port 22\nforcecommand /x/login_duo\n' | duo-login --check -c bad --sshd - -H
fault	configuration	Parse error in bad, line 3: expected key = value	see duo-login.conf(5)
ok	sshd	no way around the ForceCommand found	
[1]
$ printf 'port 22\nforcecommand /x/login_duo\n' | duo-login --check -c bad --sshd - -p level,mend
fault:see duo-login.conf(5)
ok:
[1]
$ printf 'port 22\nforcecommand /x/login_duo\n' | duo-login --check -c bad --sshd - --csv
LEVEL,PART,FINDING,MEND
fault,configuration,"Parse error in bad, line 3: expected key = value",see duo-login.conf(5)
ok,sshd,no way around the ForceCommand found,
[1]
$ printf 'port 22\nforcecommand /x/login_duo\n' | duo-login --check -c bad --sshd - -p what
duo-login: -p what: expected one of level,part,finding,mend (duo-login --help tells the usage)
[2]
$ printf 'port 22\nforcecommand none\n' | duo-login --check -c bad --sshd - >/dev/full
duo-login: stdout: No space left on device
[1]
# --enroll
$ duo-login --enroll -c bad root
duo-login: Parse error in bad, line 3: expected key = value
[1]
$ printf 'ikey=a\nskey=b\nhost=c\n' >good; chmod 600 good; duo-login --enroll -c good root
duo-login: good: expected offline = totp or offline = codes
[1]
$ printf 'offline = totp\nstatedir = /nonexistent\n' >>good; duo-login --enroll -c good root
duo-login: /nonexistent: No such file or directory
[1]
$ duo-login --enroll -c good nobody-at-all
duo-login: nobody-at-all: no such user
[1]

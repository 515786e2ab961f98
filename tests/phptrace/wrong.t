# needs root
$ phptrace -V
phptrace 0.1.0
$ phptrace -y 2>&1 | head -n 1
phptrace: -y: no such option (phptrace -h tells the usage)
$ phptrace
phptrace: no probes specified (phptrace -h tells the usage)
[2]
$ phptrace -n 'nonesuch:::function-entr{}'
phptrace: invalid probe specifier nonesuch:::function-entr{}: probe description nonesuch:::function-entr does not match any probes
  at line 1, column 1:
    nonesuch:::function-entr{}
    ^
[1]
$ phptrace -n 'BEGIN{;'
phptrace: invalid probe specifier BEGIN{;: syntax error near end of input
  at line 1, column 8:
    BEGIN{;
           ^
[1]
$ phptrace -n 'BEGIN{trace(x)}'
phptrace: invalid probe specifier BEGIN{trace(x)}: in action list: failed to resolve x: Unknown variable name
  at line 1, column 13:
    BEGIN{trace(x)}
                ^
[1]
$ phptrace -e -n 'BEGIN{exit(0)}'
$ phptrace -p 999999999 -n 'function-entry{}'
phptrace: failed to grab pid 999999999: No such process
[1]
$ phptrace -c ./nowhere -n 'BEGIN{}'
phptrace: failed to execute ./nowhere: No such file or directory
[1]
$ phptrace -s nowhere.d
phptrace: failed to open nowhere.d: No such file or directory
[1]
$ phptrace -l nowhere
phptrace: nowhere: No such file or directory
[1]
$ phptrace nowhere 2>&1 | head -n 1
phptrace: nowhere: no such report (alloc, calls, errors, flow, lines, requests, slow, time), and no -n or -s (phptrace -h tells the usage)
$ phptrace slow 2>&1 | head -n 1
phptrace: slow: macro argument $1 is not defined: PHP functions that took at least $1 milliseconds, as they return (phptrace -h tells the usage)
$ phptrace slow 1 2 2>&1 | head -n 1
phptrace: slow: extraneous argument '2' ($2 is not referenced): PHP functions that took at least $1 milliseconds, as they return (phptrace -h tells the usage)
$ phptrace alloc
phptrace: alloc: needs -c or -p (phptrace -h tells the usage)
[2]
$ phptrace slow x
phptrace: failed to compile script slow: line 17: failed to resolve x: Unknown variable name
  at line 17, column 70:
    art[self->depth] && timestamp - self->start[self->depth] >= $1 * 1000000/
                                                                ^
[1]
$ phptrace -n 'BEGIN{printf("%d\n", "x")}'
phptrace: invalid probe specifier BEGIN{printf("%d\n", "x")}: in action list: printf( ) argument #2 is incompatible with conversion #1 prototype:
	conversion: %d
	 prototype: char, short, int, long, or long long
	  argument: string
  at line 1, column 7:
    BEGIN{printf("%d\n", "x")}
          ^
[1]
# Killed while it compiles, with its command held: the command ends unseen.
$ mkfifo pipe; echo '#include "pipe"' >include.d
> phptrace -C -c 'echo begun' -s include.d 2>err & sleep 0.5; kill -9 $!; sleep 0.3; cat err
$ printf '\177ELF\002\001\001garbage' > broken; phptrace -l broken
phptrace: broken: not an ELF file of 64 bits: Invalid ELF header size or alignment
[1]
$ head -c 4096 /dev/urandom > noise; phptrace -l noise
phptrace: noise: not an ELF file of 64 bits: Unsupported ELF header
[1]
$ head -c 4096 /dev/zero | phptrace -s - 2>&1 | head -n 1
phptrace: failed to compile script -: line 1: syntax error near "\x00"
$ : > empty.d; phptrace -s empty.d
phptrace: failed to compile script empty.d: line 1: empty D program translation unit
[1]
$ phptrace -q -n 'BEGIN{printf("%d\n", 6 * 7); exit(3)}'
42

[3]
$ phptrace -q -n 'BEGIN{printf("full\n"); exit(0)}' > /dev/full
phptrace: stdout: No space left on device
[1]
$ phptrace -q -n 'BEGIN{printf("closed\n"); exit(0)}' | true
$ echo 'BEGIN{trace("from stdin"); exit(0)}' | phptrace -q -s -
from stdin
$ mkdir ro; touch ro/out; phptrace -q -o ro -n 'BEGIN{exit(0)}'
phptrace: ro: Is a directory
[1]
$ phptrace -q -n 'BEGIN{@a["x"] = count(); @a["x"] = count(); exit(0)}' --csv
a,x,,2

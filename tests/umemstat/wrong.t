# What umemstat says when it cannot do what it is asked.
$ umemstat 2>&1 | head -1
umemstat: which process? expected PID, CORE or -p NAME (umemstat -h tells the usage)
$ umemstat --colour 1 2>&1 | head -1
umemstat: --colour: no such option (umemstat -h tells the usage)
$ umemstat --freeze 1 2>&1 | head -1
umemstat: --freeze: not an option of stat (umemstat -h tells the usage)
$ umemstat leaks --since x 1 2>&1 | head -1
umemstat: --since: not an option of leaks (umemstat -h tells the usage)
$ umemstat 2147483632
umemstat: 2147483632: no such process
[1]
$ umemstat -p no-such-program
umemstat: -p no-such-program: no process of this name; the fields are pid,name,size,in_use,in_ptc,total,memory,alloc,fail,waste,stable,time,growth,memory_growth,alloc_rate,free_rate,waste_growth,verdict
[1]
$ umemstat -p nmae,in_use $$
umemstat: -p nmae,in_use: no field nmae; the fields are pid,name,size,in_use,in_ptc,total,memory,alloc,fail,waste,stable,time,growth,memory_growth,alloc_rate,free_rate,waste_growth,verdict (umemstat -h tells the usage)
[2]
$ umemstat verify -p no-such-program
umemstat: -p no-such-program: no process of this name; the fields are pid,cache,buffer,state,damage,caller,stack
[1]
$ umemstat -s bogus 2147483632 2>&1 | head -1
umemstat: -s bogus: expected one of name,size,in_use,in_ptc,total,memory,alloc,fail,waste (umemstat -h tells the usage)
$ umemstat 2147483632 0.5 0 2>&1 | head -1
umemstat: 0: expected a count of 1 or more (umemstat -h tells the usage)
$ umemstat 2147483632 1e-9 2>&1 | head -1
umemstat: 1e-9: expected an interval between 1ms and 365d (umemstat -h tells the usage)
$ umemstat 2147483632 1 2 3 2>&1 | head -1
umemstat: 3: expected nothing after the count (umemstat -h tells the usage)
$ umemstat vmem 2147483632 1 2>&1 | head -1
umemstat: 1: expected nothing after the target (umemstat -h tells the usage)
$ umemstat --sum --openmetrics 2147483632 1 2>&1 | head -1
umemstat: --openmetrics: not with an interval (umemstat -h tells the usage)
$ umemstat users --folded --csv 1
umemstat: --folded: has a form of its own: not with -H, -p or --csv (umemstat -h tells the usage)
[2]
$ umemstat --openmetrics -p name 1
umemstat: --openmetrics: has a form of its own: not with -H, -p or --csv (umemstat -h tells the usage)
[2]
$ umemstat dist --csv 2147483632 2>&1 | head -1
umemstat: 2147483632: no such process
$ umemstat whatis 2147483632 0x10 here 2>&1 | head -1
umemstat: here: expected an address, such as 0x7f0012345678 (umemstat -h tells the usage)
$ umemstat log 2147483632 all 2>&1 | head -1
umemstat: all: expected transaction, contents, fail or slab (umemstat -h tells the usage)
$ umemstat run -o no-such-folder/report sh -c 'echo not run'
umemstat: no-such-folder/report: No such file or directory
[1]
$ umemstat run -c x sh -c 'echo not run' 2>&1
umemstat: -c: not an option of run (umemstat -h tells the usage)
[2]
$ umemstat run --csv sh -c 'echo not run' 2>&1
umemstat: --csv: not an option of run (umemstat -h tells the usage)
[2]
$ umemstat run -o /dev/full true
umemstat: /dev/full: No space left on device
[1]
$ umemstat run -o report true; cat report
no leaks, no errors
# Told to end, the command ends in its own way, and is reported on.
$ for s in TERM HUP; do
>     umemstat run -o report sh -c 'trap "echo ends; exit 7" TERM HUP; echo begun; while :; do sleep 0.1; done' >out & p=$!
>     until grep -q begun out; do sleep 0.05; done; kill -$s $p; wait $p; echo $?; cat out report; rm out report
> done
7
begun
ends
no leaks, no errors
7
begun
ends
no leaks, no errors
$ LD_PRELOAD=$(command -v umemstat | sed 's/umemstat$/libumem.so/') sleep 60 & p=$!; sleep 0.3
> umemstat -c no_such_cache $p; echo $?; umemstat -c 'no*' -c umem_alloc_64 $p 1 2; umemstat users -c nosuch $p; kill $p
> umemstat -c umem_alloc_64 $$ 2>&1 | sed "s/$$/PID/"
umemstat: -c no_such_cache: no cache of this name
1
umemstat: -c no*: no cache of this name
umemstat: -c nosuch: no cache of this name
umemstat: PID: no libumem in it (start it with LD_PRELOAD=libumem.so)
$ umemstat $$ 2>&1 | sed "s/$$/PID/"
umemstat: PID: no libumem in it (start it with LD_PRELOAD=libumem.so)
$ umemstat $$,2147483632 2>&1 | sed "s/$$/PID/"
umemstat: PID: no libumem in it (start it with LD_PRELOAD=libumem.so)
$ umemstat no-such-core
umemstat: no-such-core: no such core file, nor a process number (-p NAME finds a program)
[1]
$ umemstat - </dev/null
umemstat: -: neither a process number nor a core file
[1]
$ umemstat - </bin/sh
umemstat: -: an ELF file, but no core
[1]
$ umemstat .
umemstat: .: read: Is a directory
[1]
$ : >empty; umemstat empty
umemstat: empty: neither a process number nor a core file
[1]
$ echo text >text; umemstat text
umemstat: text: neither a process number nor a core file
[1]
$ umemstat /bin/sh
umemstat: /bin/sh: an ELF file, but no core
[1]
$ printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\4\0\76\0' >short; umemstat short
umemstat: short: damaged core: Invalid ELF header size or alignment
[1]
$ printf '\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\4\0\3\0' >other; umemstat other
umemstat: other: a core of another kind of machine: only 64-bit ones of this byte order can be read
[1]
$ printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\4\0\363\0' >other; umemstat other
umemstat: other: a core of another kind of machine
[1]
$ printf '\50\265\57\375garbage' >packed; umemstat packed
umemstat: packed: damaged zstd file: Frame header specified dictionary id 0x61627261 that wasnt provided by add_dict() or reset_with_dict()
[1]
$ umemstat leaks
umemstat: which process? expected PID, CORE or -p NAME (umemstat -h tells the usage)
[2]
$ umemstat -V | sed 's/[0-9.]*$/N/'
umemstat N
$ umemstat -h | head -1
usage: umemstat [-c CACHE] [-s KEY] [--sum] [--since FILE] [--openmetrics] PID[,PID...]|CORE|-p NAME [interval [count]]
$ umemstat -h >/dev/full
umemstat: stdout: No space left on device
[1]
$ umemstat -h | true

$ zonesnap -V
zonesnap 0.1.0
$ zonesnap -h
usage: zonesnap snap [-n] [-l LABEL] DATASET[@NAME]...
       zonesnap list [-H | -p FIELD,... | --csv] [DATASET | FOLDER]...
       zonesnap rollback [-n] [-f] DATASET@NAME
       zonesnap destroy [-n] DATASET@NAME... | -
       zonesnap gc [FOLDER]...

Options:
    -h, --help          print this text
    -V, --version       print the version
    -l, --label LABEL   the last part of the name: hourly, daily, ... (manual)
    -n, --dry-run       say what would be done, and do nothing
    -f, --force         roll back although it cuts off subvolumes or images
    -H                  no header; tabs between fields
    -p FIELD,...        these fields only, colons between them, no header
        --csv           comma-separated values (RFC 4180)
# wrong use
$ zonesnap
zonesnap: expected snap, list, rollback, destroy or gc (zonesnap -h tells the usage)
[2]
$ zonesnap -x
zonesnap: -x: no such option (zonesnap -h tells the usage)
[2]
$ zonesnap freeze web
zonesnap: freeze: expected snap, list, rollback, destroy or gc (zonesnap -h tells the usage)
[2]
$ zonesnap list -n
zonesnap: list takes no -n (zonesnap -h tells the usage)
[2]
$ zonesnap snap --csv web
zonesnap: snap takes no --csv (zonesnap -h tells the usage)
[2]
$ zonesnap snap 2>&1 | head -1
zonesnap: snap: expected a dataset (zonesnap -h tells the usage)
$ zonesnap snap -l 'a b' web 2>&1 | head -1
zonesnap: -l a b: not a name: expected letters, digits and _ - . : for the name of a snapshot (zonesnap -h tells the usage)
$ zonesnap rollback 2>&1 | head -1
zonesnap: rollback: expected one snapshot, as DATASET@NAME (zonesnap -h tells the usage)
$ zonesnap rollback a@1 b@1 2>&1 | head -1
zonesnap: rollback: expected one snapshot, as DATASET@NAME (zonesnap -h tells the usage)
$ zonesnap destroy 2>&1 | head -1
zonesnap: destroy: expected snapshots, as DATASET@NAME (zonesnap -h tells the usage)
$ zonesnap list -p colour 2>&1 | head -1
zonesnap: -p colour: expected one of name,created,kind,label (zonesnap -h tells the usage)
# what is not there, or is something else
$ zonesnap list nowhere
zonesnap: nowhere: No such file or directory
[1]
$ zonesnap snap nowhere@x
zonesnap: nowhere: No such file or directory
[1]
$ zonesnap rollback nowhere@x
zonesnap: nowhere: No such file or directory
[1]
$ zonesnap gc nowhere
zonesnap: nowhere: No such file or directory
[1]
$ : > file; zonesnap gc file
zonesnap: file: expected a folder
[1]
$ echo text > file; zonesnap list file
zonesnap: file: expected a btrfs subvolume or a qcow2 image
[1]
$ printf 'QFI\373' > broken.qcow2; zonesnap list broken.qcow2 2>&1 | sed 's,/.*/,,'
zonesnap: broken.qcow2: Unsupported qcow2 version 0
$ zonesnap list nowhere broken.qcow2 -H 2>/dev/null
[1]
$ mkdir empty; zonesnap list empty; zonesnap list -H empty; zonesnap list --csv empty; zonesnap gc empty
NAME  CREATED  KIND  LABEL
NAME,CREATED,KIND,LABEL
# standard input
$ zonesnap destroy - < /dev/null
$ echo nowhere@x | zonesnap destroy -
zonesnap: nowhere: No such file or directory
[1]
$ printf '\377\n' | zonesnap destroy -
zonesnap: stdin:1: not UTF-8 text
[1]
# an image: nothing is half done, full or closed output is told from success
$ rm broken.qcow2; qemu-img create -q -f qcow2 db.qcow2 1M; zonesnap snap db.qcow2@one
db.qcow2@one
$ zonesnap snap db.qcow2@two db.qcow2@one; zonesnap list -p name db.qcow2
zonesnap: db.qcow2@one: exists already
db.qcow2@one
$ zonesnap snap db.qcow2@two ./db.qcow2@two 2>&1 | head -1
zonesnap: ./db.qcow2@two: given twice (zonesnap -h tells the usage)
$ zonesnap list > /dev/full
zonesnap: stdout: No space left on device
[1]
$ zonesnap list | true
$ zonesnap snap -n -l hourly db.qcow2 | sed 's/[0-9TZ]*-hourly/TIME-hourly/'
db.qcow2@zs-TIME-hourly
$ zonesnap snap "db.qcow2@$(printf 'a\033[2Jb')" 2>&1 | head -1
zonesnap: a\x1b[2Jb: not a name: expected letters, digits and _ - . : for the name of a snapshot (zonesnap -h tells the usage)
# an image that was cut off, within its snapshots and within its data, is listed as damaged and not written to
$ mkdir cut; qemu-img create -q -f qcow2 cut/whole 64M; qemu-io -f qcow2 -c 'write -q -P 5 0 4M' cut/whole
> zonesnap snap cut/whole@one; qemu-io -f qcow2 -c 'write -q -P 6 0 4M' cut/whole
> for end in 70000 200000 5000000; do
>     head -c $end cut/whole >cut/$end
>     for verb in 'snap db.qcow2@two' 'snap -n' rollback destroy 'list -p name'; do case $verb in snap*) name=two ;; list*) name= ;; *) name=one ;; esac
>         zonesnap $verb cut/$end${name:+@$name}; echo $?
>     done 2>&1 | sed 's,: /.*/cut/,: /.../cut/,'
>     head -c $end cut/whole | cmp - cut/$end
> done
> zonesnap list -p name cut 2>/dev/null; echo $?; zonesnap list -p name db.qcow2
cut/whole@one
zonesnap: /.../cut/70000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/70000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/70000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/70000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/70000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/200000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/200000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/200000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/200000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/200000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/5000000: damaged, and left alone: qemu-img check tells more
1
cut/5000000@two
0
zonesnap: /.../cut/5000000: damaged, and left alone: qemu-img check tells more
1
zonesnap: /.../cut/5000000: damaged, and left alone: qemu-img check tells more
1
cut/5000000@one
0
cut/5000000@one
cut/whole@one
1
db.qcow2@one
# a journal that somebody wrote to
$ mkdir -p .zonesnap/journal; echo '{}' > .zonesnap/journal/db.qcow2; zonesnap snap db.qcow2@two 2>&1 | sed 's,: /.*/.zonesnap,: .zonesnap,'
zonesnap: .zonesnap/journal/db.qcow2: not a journal of zonesnap: look at it, and remove it
$ zonesnap list
zonesnap: db.qcow2: a rollback was interrupted or is under way: see zonesnap gc
NAME          CREATED               KIND   LABEL
db.qcow2@one  [..]Z  qcow2  -
$ printf 'web@one\n\nweb@two\n' | zonesnap destroy -
zonesnap: stdin:2: '': expected a snapshot, as DATASET@NAME
[1]
$ printf 'NAME\n' | zonesnap destroy -
zonesnap: stdin:1: NAME: expected a snapshot, as DATASET@NAME
[1]

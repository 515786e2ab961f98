# What make install puts where, with paths that fit; that it works from there; and that make uninstall leaves nothing of it.
$ install() { (umask 077; make -s -C "$T/../.." -o all "$1" DESTDIR="$PWD/x" PREFIX=/opt/sun LIBDIR=/opt/sun/lib64); }; top=$T/../..; install install
> cd x/opt/sun; find . ! -type d ! -path './share/man/*' ! -path '*/suntools/d/*' -printf '%m %p %l\n' | sort -k 2 | sed 's/ $//'
> (cd "$top/man"; find . -type f) | while read -r p; do [ "$(stat -c %a "share/man/man${p##*.}/$p")" = 644 ] || echo "$p"; done
> (cd "$top/tools/phptrace/d"; find . -name '*.d') | sort >../../../reports; (cd share/suntools/d; find . -perm 644 -name '*.d') | sort | diff - ../../../reports
> grep -rhow '/opt/sun/[^ ,]*' . --include=*.service --include=*.pc --include=*.8 --include=*.1 | sort -u; grep -r /usr/local/s share/man
> for p in man3/umem_free.3 man3/vmem_create.3 man8/login_duo.8; do readlink "share/man/$p"; done
> bin/phptrace slow; mv lib64/libumem.so lib; bin/umemstat run true; mv lib/libumem.so lib64
> cd ../../..; echo mine >x/opt/sun/share/doc/suntools/mine; install uninstall; find x ! -type d
755 ./bin/phptrace
755 ./bin/umemstat
644 ./include/umem.h
644 ./include/vmem.h
644 ./lib/systemd/system/clocksync.service
644 ./lib/systemd/system/toshkeyd.service
644 ./lib64/libumem.a
755 ./lib64/libumem.so
644 ./lib64/pkgconfig/umem.pc
755 ./sbin/clocksync
755 ./sbin/duo-login
777 ./sbin/login_duo duo-login
755 ./sbin/toshkeyd
755 ./sbin/zonesnap
644 ./share/doc/suntools/LICENSE
644 ./share/doc/suntools/README.md
644 ./share/doc/suntools/clocksync.cron
644 ./share/doc/suntools/zonesnap.cron
/opt/sun/include
/opt/sun/lib64
/opt/sun/sbin/clocksync
/opt/sun/sbin/duo-login
/opt/sun/sbin/login_duo
/opt/sun/sbin/toshkeyd
/opt/sun/share/suntools/d
umem_alloc.3
vmem.3
duo-login.8
phptrace: slow: macro argument $1 is not defined: PHP functions that took at least $1 milliseconds, as they return (phptrace -h tells the usage)
x/opt/sun/share/doc/suntools/mine
$ cd "$T/../.."; there() { make -s -o all "$1" DESTDIR="$OLDPWD/with space" PREFIX='/opt/s n'; }; there install; find "$OLDPWD/with space/opt/s n" -name '*snap*' -type f | wc -l
> there uninstall; there uninstall; find "$OLDPWD/with space" ! -type d
3

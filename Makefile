# suntools: `make demo` shows every tool at work, `make test` tests them, `make help` lists the rest.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
DESTDIR ?=
CARGO ?= cargo
FUZZ_SECONDS ?= 60

# systemd units on Linux, SMF manifests on illumos.
ifeq ($(shell uname -s),SunOS)
UNITDIR ?= /lib/svc/manifest/site
UNITS = $(wildcard tools/*/svc/*.xml)
else
UNITDIR ?= $(PREFIX)/lib/systemd/system
UNITS = $(wildcard tools/*/svc/*.service)
endif
DOCDIR ?= $(PREFIX)/share/doc/suntools
DDIR = $(PREFIX)/share/suntools/d

BIN = phptrace umemstat
SBIN = clocksync duo-login toshkeyd zonesnap
SO = libumem.so
ARCHIVE = libumem.a
HEADERS = umem.h vmem.h
CRON = $(wildcard tools/*/svc/*.cron)
PAGES = $(notdir $(wildcard man/*))
REPORTS = $(notdir $(wildcard tools/phptrace/d/*.d))
# The names that a page is found by: those of its NAME section.
names = $$(sed -n '/^\.Sh NAME/,/^\.Nd/s/^\.Nm \([^ ]*\).*/\1/p' man/$$p)
# Removes files from a folder of the installation.
remove = for f in $(2); do rm -f "$(DESTDIR)$(1)/$$f"; done

all:                ## build everything, optimised
	$(CARGO) build --release --workspace --exclude tests --locked

demo: all           ## a short tour of every tool on real input
	sh tests/setup.sh
	$(CARGO) build --release -p tests --bin duo-mock --locked
	sh tests/demo.sh

test: all           ## unit and end-to-end tests
	sh tests/setup.sh
	sh tests/run.sh

lint: all           ## formatting, clippy, man pages, service files, scripts
	sh tests/setup.sh
	sh tests/lint.sh

bench: all          ## ratios against installed peers
	sh tests/setup.sh
	$(CARGO) build --release -p tests --bins --locked
	sh tests/bench.sh

fuzz:               ## each fuzz target for FUZZ_SECONDS
	FUZZ_SECONDS=$(FUZZ_SECONDS) sh tests/fuzz.sh

illumos:            ## type-check for illumos
	sh tests/illumos.sh

install: all        ## into DESTDIR and PREFIX (BINDIR, SBINDIR, LIBDIR, MANDIR, ...)
	install -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(SBINDIR)" "$(DESTDIR)$(LIBDIR)" "$(DESTDIR)$(UNITDIR)" "$(DESTDIR)$(DOCDIR)"
	install -m 755 $(BIN:%=target/release/%) "$(DESTDIR)$(BINDIR)"
	install -m 755 $(SBIN:%=target/release/%) "$(DESTDIR)$(SBINDIR)"
	install -m 755 $(SO:%=target/release/%) "$(DESTDIR)$(LIBDIR)"
	install -m 644 $(ARCHIVE:%=target/release/%) "$(DESTDIR)$(LIBDIR)"
	install -d "$(DESTDIR)$(INCLUDEDIR)" "$(DESTDIR)$(LIBDIR)/pkgconfig"
	install -m 644 $(HEADERS:%=lib/umem-so/include/%) "$(DESTDIR)$(INCLUDEDIR)"
	sed -e 's#^prefix=.*#prefix=$(PREFIX)#' -e 's#^libdir=.*#libdir=$(LIBDIR)#' -e 's#^includedir=.*#includedir=$(INCLUDEDIR)#' \
	    lib/umem-so/umem.pc >"$(DESTDIR)$(LIBDIR)/pkgconfig/umem.pc"
	chmod 644 "$(DESTDIR)$(LIBDIR)/pkgconfig/umem.pc"
	install -m 644 README.md LICENSE $(CRON) "$(DESTDIR)$(DOCDIR)"
	install -d "$(DESTDIR)$(DDIR)"
	install -m 644 $(REPORTS:%=tools/phptrace/d/%) "$(DESTDIR)$(DDIR)"
	ln -sf duo-login "$(DESTDIR)$(SBINDIR)/login_duo"
	for p in $(PAGES); do s=$${p##*.}; d="$(DESTDIR)$(MANDIR)/man$$s"; install -d "$$d"; \
	    sed -e 's#/usr/local/sbin/#$(SBINDIR)/#g' -e 's#/usr/local/share/#$(PREFIX)/share/#g' man/$$p >"$$d/$$p"; chmod 644 "$$d/$$p"; \
	    for n in $(names); do [ $$n.$$s = $$p ] || ln -sf $$p "$$d/$$n.$$s"; done; done
	for u in $(UNITS); do sed 's#/usr/local/sbin/#$(SBINDIR)/#' $$u >"$(DESTDIR)$(UNITDIR)/$${u##*/}"; chmod 644 "$(DESTDIR)$(UNITDIR)/$${u##*/}"; done

uninstall:          ## remove what install put there
	$(call remove,$(BINDIR),$(BIN))
	$(call remove,$(SBINDIR),$(SBIN) login_duo)
	$(call remove,$(LIBDIR),$(SO) $(ARCHIVE) pkgconfig/umem.pc)
	$(call remove,$(INCLUDEDIR),$(HEADERS))
	for p in $(PAGES); do s=$${p##*.}; for n in $${p%.*} $(names); do rm -f "$(DESTDIR)$(MANDIR)/man$$s/$$n.$$s"; done; done
	$(call remove,$(UNITDIR),$(notdir $(UNITS)))
	$(call remove,$(DDIR),$(REPORTS))
	$(call remove,$(DOCDIR),README.md LICENSE $(notdir $(CRON)))
	for d in "$(DDIR)" "$(PREFIX)/share/suntools" "$(DOCDIR)"; do rmdir "$(DESTDIR)$$d" 2>/dev/null || true; done

clean:              ## remove what was built
	$(CARGO) clean

help:               ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: all demo test lint bench fuzz illumos install uninstall clean help

# suntools: `make demo` shows every tool at work, `make test` tests them, `make help` lists the rest.
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
LIBDIR ?= $(PREFIX)/lib
MANDIR ?= $(PREFIX)/share/man
DESTDIR ?=
CARGO ?= cargo
FUZZ_SECONDS ?= 60

BIN = phptrace umemstat
SBIN = clocksync duo-login toshkeyd zonesnap

all:                ## build everything, optimised
	$(CARGO) build --release --workspace --exclude tests --locked

demo: all           ## a short tour of every tool on real input
	sh tests/setup.sh
	sh tests/demo.sh

test: all           ## unit and end-to-end tests
	sh tests/setup.sh
	sh tests/run.sh

lint:               ## formatting, clippy, man pages, service files, scripts
	sh tests/setup.sh
	sh tests/lint.sh

bench: all          ## ratios against installed peers
	sh tests/bench.sh

fuzz:               ## each fuzz target for FUZZ_SECONDS
	FUZZ_SECONDS=$(FUZZ_SECONDS) sh tests/fuzz.sh

illumos:            ## type-check for illumos
	sh tests/illumos.sh

clean:              ## remove what was built
	$(CARGO) clean

help:               ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: all demo test lint bench fuzz illumos install uninstall clean help

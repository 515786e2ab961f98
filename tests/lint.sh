#!/bin/sh
# Everything that is checked without running the tools. Expects the release binaries, which the units name.
set -eu
cd "$(dirname "$0")/.."

cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps --locked

for page in man/*.[1-8]; do
    mandoc -T lint -W warning "$page"
done

for manifest in tools/*/svc/*.xml; do
    xmllint --nowarning --nonet --noout --dtdvalid tests/data/service_bundle.dtd "$manifest"
done

units=$(mktemp -d)
trap 'rm -rf "$units"' EXIT
trap 'exit 130' INT TERM HUP
for unit in tools/*/svc/*.service; do
    # systemd wants the program to be there: check the one just built in place of the installed one.
    sed "s#/usr/local/sbin/#$PWD/target/release/#" "$unit" >"$units/${unit##*/}"
    systemd-analyze verify --man=no "$units/${unit##*/}"
    systemd-analyze security --offline=true --threshold=20 --no-pager "$units/${unit##*/}" >"$units/log" ||
        { tail -n 1 "$units/log" >&2; exit 1; }
done

git ls-files '*.sh' .ci/run tests/rigs | xargs grep -lE '^#!/bin/(ba)?sh|^#!/usr/bin/env bash' | xargs shellcheck
echo "lint: clean"

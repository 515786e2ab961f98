#!/bin/sh
# Everything that is checked without running the tools.
set -eu
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
for page in man/*.[1-8]; do
    # STYLE notes are advice on typography; warnings and errors are not.
    mandoc -T lint -W warning "$page"
done
for manifest in tools/*/svc/*.xml; do
    xmllint --nonet --noout --dtdvalid tests/data/service_bundle.dtd "$manifest"
done
shellcheck -s sh tests/*.sh tests/*/*.sh .ci/run

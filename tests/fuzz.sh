#!/bin/sh
# Runs each fuzz target for FUZZ_SECONDS. A crash's input goes into a regression case beside the parser's unit tests.
set -eu
cd "$(dirname "$0")/.."
command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
for dir in lib/*/fuzz tools/*/fuzz; do
    [ -e "$dir/Cargo.toml" ] || continue
    crate=$(dirname "$dir")
    # Coverage needs an unstable compiler flag; the stable compiler takes it when told so.
    for target in $(cd "$crate" && RUSTC_BOOTSTRAP=1 cargo fuzz list); do
        echo "== $crate $target"
        (cd "$crate" && RUSTC_BOOTSTRAP=1 cargo fuzz run "$target" -- -max_total_time="${FUZZ_SECONDS:-60}" -verbosity=0)
    done
done

#!/bin/sh
# Type-checks the workspace for illumos with Rust 1.85, which also checks the minimum version.
# No standard library for illumos comes with rustup's stable toolchains here, so it is built from the source that
# Debian 12 packages with its rustc-web compiler; the packages are unpacked into target/illumos, never installed.
set -eu
cd "$(dirname "$0")/.."
dir=$PWD/target/illumos
sysroot=$dir/sysroot/usr
# What is for Linux alone: the preload library (its own TLS and page map), its reader, and the end-to-end tests.
linux_only="--exclude umem --exclude umem-so --exclude umemstat --exclude tests"

if [ ! -e "$dir/.complete" ]; then
    rm -rf "$dir"
    mkdir -p "$dir/debs"
    version=$(apt-cache madison rustc-web | awk '$3 ~ /^1\.85/ { print $3; exit }')
    [ -n "$version" ] || { echo "illumos: no rustc-web 1.85 in this system's package lists (apt-get update?)" >&2; exit 1; }
    (cd "$dir/debs" && apt-get -qq download "rustc-web=$version" "rust-web-src=$version" "libstd-rust-web-dev=$version" \
        "libstd-rust-web-1.85=$version" libllvm19)
    for d in "$dir"/debs/*.deb; do dpkg -x "$d" "$dir/sysroot"; done
    rm -rf "$dir/debs"
    touch "$dir/.complete"
fi
# C in a dependency (ring) is compiled too, though never linked: the system's own tools do.
export CC_x86_64_unknown_illumos=gcc AR_x86_64_unknown_illumos=ar
# shellcheck disable=SC2086
LD_LIBRARY_PATH=$sysroot/lib/x86_64-linux-gnu RUSTC=$sysroot/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$dir/target AR_x86_64_unknown_illumos=ar \
    cargo check -Zbuild-std=std,panic_abort --target x86_64-unknown-illumos --workspace $linux_only --locked
echo "illumos: type-checked with $(LD_LIBRARY_PATH=$sysroot/lib/x86_64-linux-gnu "$sysroot/bin/rustc" --version)"

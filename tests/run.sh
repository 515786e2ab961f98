#!/bin/sh
# Runs every test (or those of the packages named) and closes with one line: `N passed, N failed, N skipped`.
set -u
cd "$(dirname "$0")/.." || exit 1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM HUP
{
    cargo test --workspace --exclude tests --lib --bins --no-fail-fast || echo "unit tests: FAILED"
    cargo test -p tests --no-fail-fast || echo "end-to-end tests: FAILED"
} 2>&1 | tee "$log"
awk '
    /^test result: / { for (i = 1; i < NF; i++) { if ($(i+1) == "passed;") p += $i; if ($(i+1) == "failed;") f += $i; if ($(i+1) == "ignored;") s += $i } }
    /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { p += $1; f += $3; s += $5 }
    /^(unit|end-to-end) tests: FAILED$/ { bad = 1 }
    END { if (bad && !f) f = 1; printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 || p == 0 }
' "$log"

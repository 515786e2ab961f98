#!/bin/sh
# A tour of the tools: runs each tests/TOOL/demo.sh in a scratch folder and closes with a table.
# A step's second line is `# what it shows`. It exits 0 for ok, 77 for skipped (its last line says why), anything else for failed; and
# it has failed where a line of its output matches no pattern of a line `# must show: PATTERN` (extended, a whole line).
set -u
cd "$(dirname "$0")/.." || exit 1
top=$PWD
PATH=$top/target/release:$PATH:/usr/sbin:/sbin
LC_ALL=C
TZ=UTC
export PATH LC_ALL TZ TOP="$top" PKGS="$top/target/pkgs"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP
table=$scratch/table
status=0
[ $# -gt 0 ] || set -- tests/*/demo.sh
# Says which pattern of step $1 its output in $2 lacks; false where none does.
lacks() {
    sed -n 's/^# must show: //p' "$1" | while IFS= read -r pattern; do
        grep -qxE -e "$pattern" "$2" || printf ' (shows no "%s")' "$pattern"
    done | grep .
}
for step; do
    tool=$(basename "$(dirname "$step")")
    what=$(sed -n '2s/^# //p' "$step")
    printf '\n== %s: %s\n\n' "$tool" "$what"
    mkdir "$scratch/$tool"
    out=$scratch/$tool.out
    (cd "$scratch/$tool" && T="$top/tests/$tool" timeout -k 5 60 sh "$top/$step"; echo $? >"$scratch/rc") 2>&1 | tee "$out"
    case $(cat "$scratch/rc") in
        0) if lack=$(lacks "$step" "$out"); then verdict=failed$lack; status=1; else verdict=ok; fi ;;
        77) verdict="skipped ($(tail -n 1 "$out"))" ;;
        *) verdict=failed; status=1 ;;
    esac
    printf '%-10s  %-60s  %s\n' "$tool" "$what" "$verdict" >>"$table"
done
printf '\n%-10s  %-60s  %s\n' STEP SHOWN RESULT
cat "$table"
exit $status

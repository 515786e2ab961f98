#!/bin/sh
# a login with a second factor, against a mock of Duo's API
# must show: YOU ROCK
# must show: Success. Logging you in...
# must show: .*"result":"deny".*
# must show: .*AllowTcpForwarding no
# must show: otpauth://.*
set -eu
mock=$TOP/target/release/duo-mock
[ -x "$mock" ] || { echo "needs the mock: cargo build --release -p tests --bin duo-mock"; exit 77; }
"$mock" . &
mock=$!
trap 'kill $mock' EXIT
while [ ! -e port ]; do sleep 0.1; done
user=$(id -un)
run() {
    printf '$ %s\n' "$*"
    "$@" || echo "exit status $?"
    echo
}
mkdir -m 700 state
printf 'guard = 2/10m\nstatedir = %s\naudit = %s\noffline = totp\n' "$PWD/state" "$PWD/audit" >>login_duo.conf
run duo-login -d -c login_duo.conf -f "$user" echo YOU ROCK
run duo-login -d -c login_duo.conf -f push-deny echo YOU ROCK
cp login_duo.conf open.conf
chmod 644 open.conf
run duo-login -d -c open.conf -f "$user" echo YOU ROCK
printf '$ duo-login -c login_duo.conf -f %s echo YOU ROCK   # at a terminal\n' "$user"
script=$(command -v script || true)
if [ "$script" ]; then
    (sleep 1; echo 1; sleep 1) | script -qec "duo-login -c login_duo.conf -f $user echo YOU ROCK" /dev/null | tr -d '\r'
    echo
fi
printf 'port 22\nforcecommand /usr/local/sbin/duo-login\nallowtcpforwarding yes\n' >sshd-T
run duo-login --check -c login_duo.conf --sshd sshd-T
run duo-login --enroll -c login_duo.conf root
run cat audit

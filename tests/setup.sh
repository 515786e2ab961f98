#!/bin/sh
# Provides the packages named in tests/packages: installs plain tools, unpacks the rest into target/pkgs.
# Without root it says what is missing and goes on; what needs it is then skipped.
set -eu
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive

packages() { awk -v how="$1" '$1 == how { print $2 }' tests/packages; }
installed() { dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | grep -q '^ii'; }

missing=
for p in $(packages install); do
    installed "$p" || missing="$missing $p"
done
unpack=
for p in $(packages unpack); do
    [ -e "target/pkgs/$p/.complete" ] || unpack="$unpack $p"
done
[ -n "$missing$unpack" ] || exit 0

command -v apt-get >/dev/null || { echo "setup: no apt-get here; missing:$missing$unpack" >&2; exit 0; }
as_root=
if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then as_root="sudo -n env DEBIAN_FRONTEND=noninteractive"; else
        [ -z "$missing" ] || echo "setup: not root, so these are missing:$missing" >&2
        missing=
    fi
fi
apt="apt-get -qq -o DPkg::Lock::Timeout=600"
if [ "$(id -u)" = 0 ] || [ -n "$as_root" ]; then
    # shellcheck disable=SC2086
    $as_root $apt update
fi
if [ -n "$missing" ]; then
    echo "setup: installing$missing" >&2
    # shellcheck disable=SC2086
    $as_root $apt install -y --no-install-recommends $missing >/dev/null
fi
for p in $unpack; do
    echo "setup: unpacking $p into target/pkgs" >&2
    rm -rf "target/pkgs/$p"
    mkdir -p "target/pkgs/$p/.deb"
    # Its dependencies that the system lacks come with it.
    need=$(apt-get -s -qq --no-install-recommends install "$p" 2>/dev/null | awk '/^Inst/ { print $2 }')
    # shellcheck disable=SC2086
    (cd "target/pkgs/$p/.deb" && apt-get -qq -o APT::Sandbox::User=root download ${need:-$p})
    for d in "target/pkgs/$p"/.deb/*.deb; do dpkg -x "$d" "target/pkgs/$p"; done
    rm -rf "target/pkgs/$p/.deb"
    touch "target/pkgs/$p/.complete"
done

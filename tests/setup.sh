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
older=
for p in $(packages bullseye); do
    [ -e "target/pkgs/bullseye/$p/.complete" ] || older="$older $p"
done
[ -n "$missing$unpack$older" ] || exit 0

command -v apt-get >/dev/null || { echo "setup: no apt-get here; missing:$missing$unpack$older" >&2; exit 0; }
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

# Debian 11's, by lists of our own: the system's are left alone.
lists=$PWD/target/pkgs/bullseye/.apt
old_apt() {
    command=$1
    shift
    "apt-$command" -qq -o Dir::Etc::sourcelist="$lists/sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::State="$lists" \
        -o Dir::State::status=/dev/null -o Dir::Cache="$lists" -o APT::Sandbox::User=root "$@"
}
if [ -n "$older" ]; then
    rm -rf "$lists"
    mkdir -p "$lists/lists/partial" "$lists/archives/partial"
    for from in "debian bullseye" "debian-security bullseye-security"; do
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/$from main"
    done >"$lists/sources"
    old_apt get update || { echo "setup: Debian 11 cannot be reached, so these are missing:$older" >&2; older=; }
fi
for p in $older; do
    echo "setup: unpacking Debian 11's $p into target/pkgs/bullseye" >&2
    to=$PWD/target/pkgs/bullseye/$p
    rm -rf "$to"
    mkdir -p "$to/.deb"
    # A kernel's package only names the one of its newest version.
    real=$(old_apt cache depends "$p" | awk '$1 == "Depends:" && $2 ~ /^linux-image-/ { print $2 }')
    (cd "$to/.deb" && old_apt get download "${real:-$p}" && dpkg -x ./*.deb "$to") || continue
    rm -rf "$to/.deb"
    touch "$to/.complete"
done
rm -rf "$lists"

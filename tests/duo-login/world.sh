#!/bin/sh
# Runs a shell line in a world of its own: private mounts and processes, users alice, bob and sshd, a setuid login_duo
# with its configuration in /etc/duo, and a real sshd that forces it. Nothing of it is left when the line ends.
# usage: world.sh DUO_LOGIN MOCK_DIR SSHD_PACKAGE LINE    (environment: CONF, lines added to the configuration; FORCE, the command;
# PORT, a free one)
set -eu
if [ -z "${WORLD-}" ]; then
    WORLD=1 exec unshare --mount --pid --fork --kill-child --mount-proc --propagation private sh "$0" "$@"
fi
duo=$1 mock=$2 package=$3 line=$4
mount -t tmpfs -o mode=755 tmpfs /mnt
cp "$duo" /mnt/login_duo
cp "$duo" /mnt/duo-login
cp "$package/usr/lib/openssh/sftp-server" "$mock/ca.pem" /mnt/
chmod 4755 /mnt/login_duo /mnt/duo-login
chmod 644 /mnt/ca.pem
sed "s|^cafile.*|cafile = /mnt/ca.pem|" "$mock/login_duo.conf" >/mnt/conf
mkdir /mnt/up /mnt/work
mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work overlay /etc
# sshd keeps what ExposeAuthInfo tells in /tmp, and one that is killed leaves it there.
mkdir -m 1777 /mnt/tmp
mkdir /mnt/work2
mount -t overlay -o lowerdir=/tmp,upperdir=/mnt/tmp,workdir=/mnt/work2 overlay /tmp
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/sshd /etc/duo /mnt/alice /mnt/bob /mnt/keys /mnt/state /mnt/log
grep -v '^sshd:' /etc/passwd >/mnt/passwd
cat >>/mnt/passwd <<EOF
sshd:x:901:901::/run/sshd:/usr/sbin/nologin
alice:x:2001:2001:Alice,alice-at-duo:/mnt/alice:/bin/sh
bob:x:2002:2002::/mnt/bob:/bin/sh
EOF
cat /mnt/passwd >/etc/passwd
printf 'sshd:x:901:\nalice:x:2001:\nbob:x:2002:\nstaff2:x:2003:alice\n' >>/etc/group
echo 'the message of the day' >/etc/motd
chown 2001:2001 /mnt/alice
chown 2002:2002 /mnt/bob
{ cat /mnt/conf; printf '%s\n' "${CONF-}"; } >/etc/duo/login_duo.conf
chmod 600 /etc/duo/login_duo.conf
chmod 700 /mnt/state /mnt/log
chown 901:901 /etc/duo/login_duo.conf /mnt/state /mnt/log
ssh-keygen -q -t ed25519 -N '' -f /mnt/host
ssh-keygen -q -t ed25519 -N '' -f /mnt/key
cp /mnt/key.pub /mnt/keys/alice
cp /mnt/key.pub /mnt/keys/bob
cat >/mnt/sshd_config <<EOF
Port $PORT
ListenAddress 127.0.0.1
HostKey /mnt/host
PidFile none
UsePAM no
StrictModes no
AuthorizedKeysFile /mnt/keys/%u
PasswordAuthentication no
ForceCommand ${FORCE:-/mnt/login_duo}
Subsystem sftp /mnt/sftp-server
ExposeAuthInfo yes
AllowTcpForwarding no
PermitTunnel no
X11Forwarding no
AllowAgentForwarding no
AllowStreamLocalForwarding no
PermitUserRC no
AcceptEnv DUO_PASSCODE
EOF
cat >/mnt/ssh_config <<EOF
Host *
    HostName 127.0.0.1
    Port $PORT
    IdentityFile /mnt/key
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    LogLevel ERROR
    SendEnv DUO_PASSCODE
EOF
# A network of this machine's own loopback is shared, so the port may be taken for a moment by an earlier world.
export LD_LIBRARY_PATH="$package/usr/lib/x86_64-linux-gnu:$package/lib/x86_64-linux-gnu"
"$package/usr/sbin/sshd" -T -f /mnt/sshd_config >/mnt/effective
tries=0
until grep -q 'Server listening' /mnt/sshd.log 2>/dev/null; do
    if [ -z "${sshd-}" ] || ! kill -0 "$sshd" 2>/dev/null; then
        tries=$((tries + 1))
        [ $tries -lt 50 ] || { cat /mnt/sshd.log >&2; exit 1; }
        "$package/usr/sbin/sshd" -D -f /mnt/sshd_config -E /mnt/sshd.log &
        sshd=$!
    fi
    sleep 0.1
done
unset LD_LIBRARY_PATH
ssh() { command ssh -F /mnt/ssh_config "$@"; }
set +e
eval "$line"

#!/bin/sh
# boot.sh ROOT REPOSITORY: a machine of its own for systemd, inside of namespaces that the caller has made: this system's
# programs, everything else fresh below ROOT.
set -eu

root=$1
repository=$2

mount --make-rprivate /
mount --bind "$root" "$root"
mkdir -p "$root/usr" "$root/local" "$root/proc" "$root/sys" "$root/run" "$root/tmp" "$root/dev" "$root/var" "$root/root" \
  "$root/etc/ssl" "$root/upper"
for name in bin sbin lib lib32 lib64; do
  [ ! -L "/$name" ] || ln -sfn "usr/$name" "$root/$name"
done
mount --bind /usr "$root/usr"
mount -o remount,bind,ro "$root/usr"
mount --bind "$root/local" "$root/usr/local"
mount --bind /etc/ssl "$root/etc/ssl"

# As a distribution leaves it; with a machine-id, so that systemd does not enable all that this system has installed.
if [ ! -e "$root/etc/machine-id" ]; then
  tr -d '\n-' </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
  printf '%s:/bin/sh\n' root:x:0:0::/root alice:x:1000:1000::/home/alice nobody:x:65534:65534::/ >"$root/etc/passwd"
  printf '%s:\n' root:x:0 alice:x:1000 nogroup:x:65534 >"$root/etc/group"
  printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
  [ ! -e /etc/login.defs ] || cp /etc/login.defs "$root/etc/"
fi

# Somebody's checkout, in a home that nobody else may enter. What is changed in it is gone with the machine.
mkdir -p "$root/home/alice/argos"
mount -t tmpfs -o size=1g tmpfs "$root/upper"
mkdir "$root/upper/changed" "$root/upper/work"
mount -t overlay -o "lowerdir=$repository,upperdir=$root/upper/changed,workdir=$root/upper/work" overlay \
  "$root/home/alice/argos"
rm -rf "$root/home/alice/argos/data" "$root/home/alice/argos/.env"
chown 1000:1000 "$root/home/alice" "$root/home/alice/argos"
chmod 700 "$root/home/alice"

mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
chmod 1777 "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
  mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
  mkdir "$root/sys/fs/cgroup/systemd" "$root/sys/fs/cgroup/unified"
  mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified"
fi
ip link set lo up

# A root of its own, as systemd makes more of them for its services.
mkdir -p "$root/before"
cd "$root"
pivot_root . before
exec env -i container=argos-test PATH=/usr/sbin:/usr/bin sh -c \
  'umount -l /before && rmdir /before && mount --make-rshared / && exec /lib/systemd/systemd --log-target=journal --show-status=no systemd.unit=multi-user.target'

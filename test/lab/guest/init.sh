#!/lab/busybox sh
# The init process of a guest kernel, whose command line sets:
#   LAB_HOST  the file system type of the host's directories: hostfs or 9p
#   LAB_TREE  the host's file tree: its path for hostfs, its mount tag for 9p
#   LAB_JOBS  the folder of the jobs, likewise
# shellcheck shell=dash

# The last line of this file powers off the machine, so it must never run on a host.
[ $$ = 1 ] && [ -n "$LAB_HOST" ] && [ -x /lab/busybox ] || exit 1

load() { # list of modules
  while read -r module; do insmod "/lab/modules/$module"; done <"$1"
}

mount_host() { # what, where, ro or rw
  case $LAB_HOST,$3 in
    hostfs,*) mount -t hostfs -o "$3,$1" none "$2" ;;
    9p,ro) mount -t 9p -o ro,trans=virtio,msize=262144,cache=loose "$1" "$2" ;; # these files never change
    9p,rw) mount -t 9p -o rw,trans=virtio,msize=262144 "$1" "$2" ;;
  esac
}

/lab/busybox mkdir -p /proc /sys /dev /host /jobs
/lab/busybox mount -t proc proc /proc # busybox's sh needs /proc to run its own applets
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
exec </dev/console >/dev/console 2>&1
stty raw -echo # the console carries commands and replies

[ "$LAB_HOST" = hostfs ] || load /lab/modules/host
mount_host "$LAB_TREE" /host ro
mount_host "$LAB_JOBS" /jobs rw
. /jobs/settings

# "none" is for tests of the messages without the module, which then cannot be loaded either.
[ "$modules" = none ] || load /lab/modules/network
echo /lab/modprobe >/proc/sys/kernel/modprobe

# Otherwise every new network namespace gets the devices of all tunnel modules, which takes time.
echo 1 >/proc/sys/net/core/fb_tunnels_only_for_init_net

# User-Mode Linux corrupts its memory when a process with an io_uring forks, as Debian 13's Node
# does.
echo 2 >/proc/sys/kernel/io_uring_disabled

root=
. "/host$scripts/view.sh"

# Jobs enter it to set what only the first network namespace may: net.core.wmem_default.
: >/lab/first-netns
mount --bind /proc/self/ns/net /lab/first-netns
env -i /lab/busybox sh "$scripts/agent.sh" "$scripts"
poweroff -f

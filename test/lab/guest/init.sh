#!/lab/busybox sh
# The first process of a guest kernel. The kernel's command line gives it:
#   LAB_HOST  file system type by which the host's directories are mounted: hostfs or 9p
#   LAB_TREE  the host's whole file tree: for hostfs its path, for 9p a mount tag
#   LAB_JOBS  the folder in which jobs come and go, likewise
# shellcheck shell=dash

# The last line of this file ends the machine, so it must never run on a host.
[ $$ = 1 ] && [ -n "$LAB_HOST" ] && [ -x /lab/busybox ] || exit 1

load() { # list of modules
  while read -r module; do insmod "/lab/modules/$module"; done <"$1"
}

mount_host() { # what, where, ro or rw
  case $LAB_HOST,$3 in
    hostfs,*) mount -t hostfs -o "$3,$1" none "$2" ;;
    9p,ro) mount -t 9p -o ro,trans=virtio,msize=262144,cache=loose "$1" "$2" ;; # files that nobody changes
    9p,rw) mount -t 9p -o rw,trans=virtio,msize=262144 "$1" "$2" ;;
  esac
}

/lab/busybox mkdir -p /proc /sys /dev /host /jobs
/lab/busybox mount -t proc proc /proc # busybox's sh needs /proc to run its own applets
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
exec </dev/console >/dev/console 2>&1
stty raw -echo # the console carries orders and answers, not a person's typing

[ "$LAB_HOST" = hostfs ] || load /lab/modules/host
mount_host "$LAB_TREE" /host ro
mount_host "$LAB_JOBS" /jobs rw
. /jobs/settings

# "none" is for tests of what is said when the module is missing: then nothing can load it either.
[ "$modules" = none ] || load /lab/modules/network
echo /lab/modprobe >/proc/sys/kernel/modprobe

# Else every network namespace would begin with the devices of all tunnel modules, which takes its time.
echo 1 >/proc/sys/net/core/fb_tunnels_only_for_init_net

# User-Mode Linux corrupts its memory when a process forks that has a ring of io_uring, as Debian 13's Node has.
echo 2 >/proc/sys/kernel/io_uring_disabled

root=
. "/host$scripts/view.sh"
env -i /lab/busybox sh "$scripts/agent.sh" "$scripts"
poweroff -f

#!/bin/sh
# The first process of the host backend, which has no guest kernel: it runs in new mount and PID
# namespaces on the machine's kernel. Started by backends/host.ts. $1 is the folder of the jobs.
# shellcheck shell=dash

jobs=$1
. "$jobs/settings"
root=$jobs/root

mkdir -p "$root"
mount -t tmpfs tmpfs "$root"
mkdir -p "$root/host" "$root/proc" "$root/sys" "$root/dev" "$root/jobs"
mount --rbind / "$root/host"
awk -v top="$root/host" 'index($5, top) == 1 { print $5 }' /proc/self/mountinfo | while read -r place; do
  mount -o remount,bind,ro "$place" 2>/dev/null # not permitted, nor needed, for /proc and the like
done
mount --bind "$jobs" "$root/jobs"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
. "$scripts/view.sh"

env -i "$tools/bin/busybox" chroot "$root" /lab/busybox sh "$scripts/agent.sh" "$scripts"

# Sourced: builds the file tree that jobs see, in $root ("" in a guest). The host's file tree is at
# $root/host, read-only, until the end of this script. Only its programs and libraries and the paths
# in $shown stay visible.
# shellcheck shell=dash

show() { # path
  if [ -L "$root/host$1" ]; then
    ln -s "$(readlink "$root/host$1")" "$root$1"
  elif [ -d "$root/host$1" ] && [ ! -e "$root$1" ]; then
    mkdir -p "$root$1"
    mount --rbind "$root/host$1" "$root$1"
  fi
}

for directory in /bin /lib /lib32 /lib64 /libx32 /sbin /usr /opt /etc/alternatives; do show "$directory"; done
mkdir -p "$root/etc" "$root/home" "$root/job" "$root/lab/bin" "$root/lab/applets" "$root/root" "$root/run" "$root/tmp" "$root/var/tmp"
: >"$root/lab/hidden"
printf '%s\n' "$shown" | while read -r directory; do
  show "$directory"
  case $directory in
    # Each job's own /tmp and /run hide these: job.sh mounts them again.
    /tmp/* | /run/*)
      mkdir -p "$root/lab/shown$directory"
      mount --rbind "$root$directory" "$root/lab/shown$directory"
      echo "$directory" >>"$root/lab/hidden"
      ;;
  esac
done
ln -s /run "$root/var/run"
chmod 1777 "$root/tmp" "$root/var/tmp"

# The same names in every guest, and no name servers.
cp "$root/host$tools/etc/services" "$root/host$tools/etc/protocols" "$root/host/etc/ld.so.cache" "$root/etc"
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n' >"$root/etc/hosts"
printf 'passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n' >"$root/etc/nsswitch.conf"
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
: >"$root/etc/resolv.conf"

# Programs: the tools first, then busybox for everything else.
ln -s "$node" "$root/lab/bin/node"
ln -s "$tools/bin/dash" "$root/lab/bin/sh"
for program in bin/ip bin/ss sbin/bridge sbin/tc usr/bin/strace usr/sbin/nft; do
  ln -s "$tools/$program" "$root/lab/bin/${program##*/}"
done
[ -e "$root/lab/busybox" ] || ln -s "$tools/bin/busybox" "$root/lab/busybox"
busybox --install -s "$root/lab/applets"

# Jobs load no modules, whether the host has a modprobe, or modules of the guest's version, or not.
printf '#!/lab/busybox sh\nexit 1\n' >"$root/lab/modprobe"
chmod +x "$root/lab/modprobe"
inside() { chroot "${root:-/}" /lab/busybox readlink -f "$1"; } # links may be absolute
modprobe=$(inside /sbin/modprobe)
if [ -f "$root$modprobe" ]; then mount --bind "$root/lab/modprobe" "$root$modprobe"; fi
directory=$(inside /lib/modules)
if [ -d "$root$directory" ]; then mount -t tmpfs none "$root$directory"; fi

umount -l "$root/host"

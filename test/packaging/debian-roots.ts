/**
 * Throw-away Debians for the tests, kept unpacked in the lab's cache; jobs change a layer above
 * them.
 */
import { cached } from '../../scripts/debian/cache';
import { makeDebianRoot } from '../../scripts/debian/root';
import { checkout } from '../lab/paths';

/** Debians by what is installed there beside the essentials. */
const roots = {
  /** With the Node that Debian has: what apt would install together with our package. */
  bare: { suite: 'trixie', packages: ['nodejs', 'kmod'] },
  /** One that has Debian's own ipvsadm, in /sbin, another name of /usr/sbin. */
  classic: { suite: 'bookworm', packages: ['ipvsadm', 'usr-is-merged'] },
  /** The programs that read what we ship. */
  tools: { suite: 'trixie', packages: ['man-db', 'zsh', 'fish', 'lintian', 'systemd'] },
  /** What stands for RHEL 9: its version of systemd, rpm, and rpmlint. */
  rpm: { suite: 'bookworm', packages: ['systemd', 'rpm', 'rpmlint'] },
  /** What builds and runs images. */
  buildah: { suite: 'bookworm', packages: ['buildah'] },
} as const;

export async function debianRoot(name: keyof typeof roots): Promise<string> {
  const set = roots[name];
  return await cached({
    name: `debian-${name}`,
    recipe: { set, format: 2 },
    build: (now) => makeDebianRoot(set, now),
  });
}

/**
 * A script's first lines: the root is at /tmp/root, changeable, with this project at /project, and
 * `in_root` runs a command in it.
 */
export function enterRoot(root: string): string {
  return `mkdir /tmp/layer /tmp/root && mount -t tmpfs none /tmp/layer && mkdir /tmp/layer/upper /tmp/layer/work || exit
mount -t overlay -o lowerdir=${root},upperdir=/tmp/layer/upper,workdir=/tmp/layer/work none /tmp/root || exit
for directory in proc sys; do mount --rbind /$directory /tmp/root/$directory; done
for directory in tmp run dev; do mount -t tmpfs none /tmp/root/$directory; done
for device in full null random tty urandom zero; do
  : >/tmp/root/dev/$device && mount --bind /dev/$device /tmp/root/dev/$device
done
mkdir /tmp/root/dev/pts && mount -t devpts -o newinstance,ptmxmode=0666 none /tmp/root/dev/pts
ln -s pts/ptmx /tmp/root/dev/ptmx && ln -s /proc/self/fd /tmp/root/dev/fd
mkdir -p /tmp/root/project && mount --bind ${checkout} /tmp/root/project || exit
in_root() { chroot /tmp/root /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/root LC_ALL=C.UTF-8 "$@"; }
`;
}

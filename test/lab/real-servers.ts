/** Servers of Debian, and its ping, for tests that check real ones. */
import { cached } from '../../scripts/debian/cache';
import { unpackPackages } from '../../scripts/debian/packages';
import { usePrivateLibraries } from '../../scripts/debian/private-programs';

const suite = 'bookworm';
const packages = ['dnsmasq-base', 'iputils-ping', 'nginx-light', 'opensmtpd', 'patchelf'];
const programs = ['bin/ping', 'usr/sbin/dnsmasq', 'usr/sbin/nginx', 'usr/sbin/smtpd'];

/** Returns the tree with them, whose path is the same in jobs. Downloads it first if necessary. */
export async function realServersTree(): Promise<string> {
  return await cached({
    name: 'real-servers',
    recipe: { suite, packages, programs },
    async build(now, later) {
      await unpackPackages({ suite, packages }, now);
      await usePrivateLibraries({ now, later }, programs, now);
    },
  });
}

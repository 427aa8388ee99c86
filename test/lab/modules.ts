import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runCommand } from '../../scripts/debian/command';

/** Modules by purpose. Names a kernel has no module for are passed over: built in, or not in that version. */
const purposes = {
  /** To reach the host's file tree from QEMU; loaded in any case. */
  host: ['virtio_pci', '9pnet_virtio', '9p'],
  /** Everything a test of ip_vs may need. */
  network: [
    'crc32c_generic', // which libcrc32c would ask modprobe for
    ...['nf_conntrack', 'nf_nat', 'nf_tables', 'nft_chain_nat', 'nft_masq', 'xt_ipvs'],
    ...['ip_vs', 'ip_vs_ftp', 'nf_conntrack_sip', 'ip_vs_pe_sip'],
    ...['rr', 'wrr', 'lc', 'wlc', 'fo', 'ovf', 'lblc', 'lblcr', 'dh', 'sh', 'mh', 'sed', 'nq', 'twos'].map(
      (scheduler) => `ip_vs_${scheduler}`,
    ),
    'overlay', // a file tree that a job may change
    ...['veth', 'bridge', 'dummy', 'ipip', 'ip6_tunnel', 'fou', 'fou6', 'ip_gre', 'ip6_gre'],
  ],
};

/** The names above: a change to them makes a new initramfs necessary. */
export const moduleRecipe: unknown = purposes;

/**
 * Copies modules from a kernel's module directory (the one with modules.dep) into `target`, unpacked, and writes for
 * each purpose a file of that name, which lists modules after those they depend on.
 */
export async function copyModules(source: string, target: string, busybox: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const modulesDep = readFileSync(join(source, 'modules.dep'), 'utf8');
  for (const [purpose, names] of Object.entries(purposes)) {
    const order = inLoadingOrder(modulesDep, names);
    for (const file of order) copyFileSync(join(source, file), join(target, basename(file)));
    writeFileSync(join(target, purpose), order.map((file) => `${basename(file, '.xz')}\n`).join(''));
  }
  const packed = readdirSync(target).filter((file) => file.endsWith('.xz'));
  if (packed.length > 0) await runCommand(busybox, ['unxz', ...packed.map((file) => join(target, file))]);
}

/** The files of the named modules and of all they need, given the text of modules.dep. */
export function inLoadingOrder(modulesDep: string, names: readonly string[]): string[] {
  const needs = new Map<string, string[]>();
  const fileOf = new Map<string, string>();
  for (const [, file = '', needed = ''] of modulesDep.matchAll(/^(\S+):(.*)$/gm)) {
    needs.set(file, needed.split(' ').filter(Boolean));
    fileOf.set(basename(file).replace(/\.ko.*/, ''), file);
  }

  const order = new Set<string>();
  const add = (file: string): void => {
    if (order.has(file)) return;
    for (const needed of (needs.get(file) ?? []).toReversed()) add(needed);
    order.add(file);
  };
  for (const name of names) {
    const file = fileOf.get(name);
    if (file !== undefined) add(file);
  }
  return [...order];
}

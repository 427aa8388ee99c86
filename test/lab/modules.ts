import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runCommand } from '../../scripts/debian/command';

/**
 * Modules by purpose. Names without a module are skipped: they are built in, or not in that kernel
 * version.
 */
const purposes = {
  /** To mount the host's file tree in QEMU; always loaded. */
  host: ['virtio_pci', '9pnet_virtio', '9p'],
  /** Everything that tests of ip_vs may need. */
  network: [
    'crc32c_generic', // libcrc32c would request it from modprobe
    ...['nf_conntrack', 'nf_nat', 'nf_tables', 'nft_chain_nat', 'nft_masq', 'xt_ipvs'],
    ...['ip_vs', 'ip_vs_ftp', 'nf_conntrack_sip', 'ip_vs_pe_sip'],
    ...['rr', 'wrr', 'lc', 'wlc', 'fo', 'ovf', 'lblc', 'lblcr', 'dh', 'sh', 'mh', 'sed', 'nq', 'twos'].map(
      (scheduler) => `ip_vs_${scheduler}`,
    ),
    'overlay', // lets a job change a file tree
    ...['veth', 'bridge', 'dummy', 'ipip', 'ip6_tunnel', 'fou', 'fou6', 'ip_gre', 'ip6_gre'],
    // Marks, filters and source NAT by tc, where the kernel has no nftables for IP; SCTP.
    ...['sch_ingress', 'cls_flower', 'act_skbedit', 'act_gact', 'act_ct', 'act_csum', 'sctp'],
  ],
};

/** The names above. A change to them requires a new initramfs. */
export const moduleRecipe: unknown = purposes;

/**
 * Copies modules from a kernel's module directory (the one with modules.dep) to `target`,
 * uncompressed. For each purpose it writes a file of that name, which lists the modules in the
 * order of loading.
 */
export async function copyModules(source: string, target: string, busybox: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const modulesDep = readFileSync(join(source, 'modules.dep'), 'utf8');
  for (const [purpose, names] of Object.entries(purposes)) {
    const order = inLoadingOrder(modulesDep, names);
    for (const file of order) copyFileSync(join(source, file), join(target, basename(file)));
    writeFileSync(join(target, purpose), order.map((file) => `${basename(file, '.xz')}\n`).join(''));
  }
  const compressed = readdirSync(target).filter((file) => file.endsWith('.xz'));
  if (compressed.length > 0)
    await runCommand(busybox, ['unxz', ...compressed.map((file) => join(target, file))]);
}

/**
 * Returns the files of the given modules and their dependencies, according to the text of
 * modules.dep.
 */
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

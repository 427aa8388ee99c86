import type { System } from './system';

/** Bits of a capability set (uapi/linux/capability.h). */
const bits = { CAP_NET_ADMIN: 12n, CAP_NET_RAW: 13n, CAP_SYS_MODULE: 16n } as const;

export type Capability = keyof typeof bits;

/**
 * The effective capabilities of this process, of those that matter here (CapEff in
 * proc_pid_status(5)).
 * @returns undefined if /proc cannot be read.
 */
export function effectiveCapabilities({
  readFile,
}: Pick<System, 'readFile'>): ReadonlySet<Capability> | undefined {
  const hex = /^CapEff:[ \t]*([0-9a-f]+)/m.exec(readFile('/proc/self/status') ?? '')?.[1];
  if (hex === undefined) return undefined;
  const effective = BigInt(`0x${hex}`);
  const names = Object.keys(bits) as Capability[];
  return new Set(names.filter((name) => (effective >> bits[name]) & 1n));
}

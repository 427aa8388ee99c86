/** The names that state documents give to numbers and flag bits of the kernel. */
import { tunnelFlags } from './real-server';
import { formatSchedulerFlags } from './scheduler-flags';
import { serviceFlags } from './virtual-service';

/** Service flag bits other than those of the scheduler, by name. */
export const serviceFlagBits = { 'one-packet': serviceFlags.onePacket } as const;

/** The bits of `tunnelFlags`, by name. */
export const tunnelFlagNames = {
  checksum: tunnelFlags.checksum,
  'remote-checksum': tunnelFlags.remoteChecksum,
} as const;

/** The name of a number in a table; undefined if it has none. */
export function nameOf<T extends Readonly<Record<string, number>>>(
  table: T,
  value: number,
): (keyof T & string) | undefined {
  return Object.keys(table).find((name) => table[name] === value);
}

/**
 * Bits that documents do not list: persistence has a field, and the kernel sets `hashed` itself.
 */
const hiddenFlags = serviceFlags.persistent | serviceFlags.hashed;

/** The names of a service's flags, of which some depend on its scheduler. */
export function serviceFlagNames(flags: number, scheduler: string): string[] {
  const names: Record<string, number> = { ...serviceFlagBits };
  for (const bit of [serviceFlags.scheduler1, serviceFlags.scheduler2, serviceFlags.scheduler3]) {
    // sh and mh do not name the third.
    names[formatSchedulerFlags(bit, scheduler) || formatSchedulerFlags(bit, '')] = bit;
  }
  return bitNames((flags & ~hiddenFlags) >>> 0, names);
}

/** The names of the bits that are set, lowest first; `0x…` for a bit without a name. */
export function bitNames(bits: number, names: Readonly<Record<string, number>>): string[] {
  const found: string[] = [];
  for (let bit = 1; bit <= 0x80000000; bit *= 2) {
    if ((bits & bit) === 0) continue;
    found.push(nameOf(names, bit) ?? `0x${bit.toString(16)}`);
  }
  return found;
}

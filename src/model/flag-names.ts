/** Numbers and flag bits of the kernel, and what state documents call them. */
import { tunnelFlags } from './real-server';
import { formatSchedulerFlags } from './scheduler-flags';
import { serviceFlags } from './virtual-service';

/** Names of service flag bits beside those of the scheduler. */
export const serviceFlagBits = { 'one-packet': serviceFlags.onePacket } as const;

/** Names of `tunnelFlags` bits. */
export const tunnelFlagNames = {
  checksum: tunnelFlags.checksum,
  'remote-checksum': tunnelFlags.remoteChecksum,
} as const;

/** A name in a table of names and numbers. */
export function nameOf<T extends Readonly<Record<string, number>>>(
  table: T,
  value: number,
): (keyof T & string) | undefined {
  return Object.keys(table).find((name) => table[name] === value);
}

/** Bits that the document does not show among the flags: `persistence`, and the kernel's own mark. */
const hiddenFlags = serviceFlags.persistent | serviceFlags.hashed;

/** The names of a service's flags, which depend on its scheduler. */
export function serviceFlagNames(flags: number, scheduler: string): string[] {
  const names: Record<string, number> = { ...serviceFlagBits };
  for (const bit of [serviceFlags.scheduler1, serviceFlags.scheduler2, serviceFlags.scheduler3]) {
    // sh and mh have no name of their own for the third.
    names[formatSchedulerFlags(bit, scheduler) || formatSchedulerFlags(bit, '')] = bit;
  }
  return bitNames((flags & ~hiddenFlags) >>> 0, names);
}

/** The names of the bits that are set; 0x... where there is none. */
export function bitNames(bits: number, names: Readonly<Record<string, number>>): string[] {
  const found: string[] = [];
  for (let bit = 1; bit <= 0x80000000; bit *= 2) {
    if ((bits & bit) === 0) continue;
    found.push(nameOf(names, bit) ?? `0x${bit.toString(16)}`);
  }
  return found;
}

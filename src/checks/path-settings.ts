/**
 * The kernel settings without which no answer comes back by the forwarding path: with direct routing
 * and tunnels, answers have the VIP as their source, which is an address of this machine itself.
 */
import { readFileSync } from 'node:fs';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { CheckTarget } from '../model/director';
import { FORWARDING_MASK, forwardingMethods } from '../model/real-server';
import type { Place } from './place';

type Interfaces = NodeJS.Dict<readonly Pick<NetworkInterfaceInfo, 'address'>[]>;
type Setting = 'accept_local' | 'rp_filter';

/** What the settings are read from. */
export interface Settings {
  interfaces(): Interfaces;
  /** The value for an interface, or for `all`. */
  value(name: string, setting: Setting): number;
}

const STRICT = 1;

/**
 * What keeps answers from being taken, with the line that mends it. Without the address that the check
 * comes from, or of a VIP that this machine does not have, nothing is known.
 */
export function pathObstacle(
  { family, address, source }: Place,
  { server }: CheckTarget,
  settings: Settings = ofThisMachine,
): string | undefined {
  const method = server.server.forwarding & FORWARDING_MASK;
  const isDirect = method === forwardingMethods.gatewaying || method === forwardingMethods.tunneling;
  if (!isDirect || family === 6 || source === undefined) return undefined;
  const interfaces = settings.interfaces();
  const name = interfaceOf(interfaces, source);
  const vip = interfaceOf(interfaces, address);
  if (name === undefined || vip === undefined) return undefined;
  const values = (setting: Setting) => ['all', name].map((one) => settings.value(one, setting));
  if (Math.max(...values('accept_local')) === 0) {
    return `${REASON}: sysctl -w ${line(name, 'accept_local')}=1`;
  }
  // The larger value counts. Strict is enough where the VIP is on the same interface.
  if (Math.max(...values('rp_filter')) !== STRICT || vip === name) return undefined;
  return `${REASON}: sysctl -w ${line('all', 'rp_filter')}=0 ${line(name, 'rp_filter')}=0`;
}

const REASON = 'this machine drops answers that come from the VIP, which is its own';

/** In names of settings the dots of an interface are slashes. */
function line(name: string, setting: Setting): string {
  return `net.ipv4.conf.${name.replaceAll('.', '/')}.${setting}`;
}

/** The name of the interface that has an address, without the label of the address. */
function interfaceOf(interfaces: Interfaces, address: string): string | undefined {
  const entries = Object.entries(interfaces);
  const [name] = entries.find(([, own]) => own?.some((one) => one.address === address)) ?? [];
  return name?.split(':')[0];
}

const ofThisMachine: Settings = {
  interfaces: networkInterfaces,
  value(name, setting) {
    try {
      return Number(readFileSync(`/proc/sys/net/ipv4/conf/${name}/${setting}`, 'latin1'));
    } catch {
      return Number.NaN;
    }
  },
};

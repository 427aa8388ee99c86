/** What of this machine's settings keeps answers from a check through the forwarding path. */
import { readFileSync } from 'node:fs';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { CheckTarget } from '../model/director';
import { answersDirectly, droppingSetting, type PathSetting } from '../model/path-settings';
import type { Place } from './place';

type Interfaces = NodeJS.Dict<readonly Pick<NetworkInterfaceInfo, 'address'>[]>;

/** What the settings are read from. */
export interface Settings {
  interfaces(): Interfaces;
  /** The value for an interface, or for `all`. */
  value(name: string, setting: PathSetting): number;
}

/**
 * What keeps answers from being taken, with the line that mends it. Without the address that the check
 * comes from, or of a VIP that this machine does not have, nothing is known.
 */
export function pathObstacle(
  { family, address, source }: Place,
  { server }: CheckTarget,
  settings: Settings = ofThisMachine,
): string | undefined {
  if (!answersDirectly(server.server.forwarding) || family === 6 || source === undefined) return undefined;
  const interfaces = settings.interfaces();
  const name = interfaceOf(interfaces, source);
  const vip = interfaceOf(interfaces, address);
  if (name === undefined || vip === undefined) return undefined;
  // The larger value counts.
  const value = (setting: PathSetting) =>
    Math.max(...['all', name].map((one) => settings.value(one, setting)));
  const setting = droppingSetting(value, vip === name);
  return setting && `${REASON}: sysctl -w ${remedies[setting](name)}`;
}

const REASON = 'this machine drops answers that come from the VIP, which is its own';

const remedies: Readonly<Record<PathSetting, (name: string) => string>> = {
  accept_local: (name) => `${line(name, 'accept_local')}=1`,
  rp_filter: (name) => `${line('all', 'rp_filter')}=0 ${line(name, 'rp_filter')}=0`,
};

/** In names of settings the dots of an interface are slashes. */
function line(name: string, setting: PathSetting): string {
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

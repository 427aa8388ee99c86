/** What each kind of step does. */
import type { Link } from '../host/types';
import { formatAddress, parseAddress } from '../model/address';
import { sourceNat } from './source-nat';
import {
  type AddressStep,
  type Former,
  type GueStep,
  type LinkUpStep,
  type Machine,
  type ModuleStep,
  SetupError,
  type Step,
  type StepKind,
  type SysctlStep,
  type TunnelStep,
} from './step';

const sysctl: StepKind<SysctlStep> = {
  former({ name, value, orElse = [] }, machine) {
    const present = machine.readSysctl(name);
    if (present === undefined) return null;
    return [value, ...orElse].map(String).includes(present) ? undefined : present;
  },
  make({ name, value }, machine) {
    if (machine.readSysctl(name) === undefined) throw new SetupError(`there is no /proc/sys/${name}`);
    machine.writeSysctl(name, `${value}`);
  },
  undo({ name, value }, former, machine) {
    const present = machine.readSysctl(name);
    if (former === null || present === undefined || present === former) return undefined;
    if (present !== `${value}`) return `it is ${present} by now`;
    machine.writeSysctl(name, former);
    return undefined;
  },
  describe: ({ name, value }) => `${dotted(name)} = ${value}`,
  shell: ({ name, value }) => ({
    make: `sysctl -w ${dotted(name)}=${value}`,
    undo: `sysctl -w ${dotted(name)}=FORMER`,
  }),
};

const address: StepKind<AddressStep> = {
  former(step, machine) {
    return hasAddress(step, machine) ? undefined : null;
  },
  make(step, machine) {
    const { index } = linkNamed(step.link, machine);
    machine.host.addAddress(index, bytesOf(step.address), step.prefix, { guest: isGuest(step) });
  },
  undo(step, _former, machine) {
    if (!hasAddress(step, machine)) return undefined;
    machine.host.deleteAddress(linkNamed(step.link, machine).index, bytesOf(step.address), step.prefix);
    return undefined;
  },
  describe: (step) => `address ${step.address}/${step.prefix} on ${step.link}`,
  shell(step) {
    const words = `${step.address}/${step.prefix} dev ${step.link}`;
    const guest = step.address.includes(':') && isGuest(step) ? ' nodad preferred_lft 0' : '';
    return { make: `ip address add ${words}${guest}`, undo: `ip address del ${words}` };
  },
};

const tunnel: StepKind<TunnelStep> = {
  former(step, machine) {
    const link = findLink(step.link, machine);
    if (!link) return null;
    const local = link.address && formatAddress(link.address);
    if (link.kind === step.type && local === formatAddress(bytesOf(step.local))) return undefined;
    throw new SetupError(
      `the device ${step.link} is there already, of kind ${link.kind ?? 'unknown'} and not ${step.type} from ${step.local}: remove or rename it`,
    );
  },
  make(step, machine) {
    machine.host.addTunnel({
      kind: step.type,
      name: step.link,
      local: bytesOf(step.local),
      remote: step.remote === undefined ? undefined : bytesOf(step.remote),
      checksum: step.checksum,
    });
  },
  undo(step, _former, machine) {
    const link = findLink(step.link, machine);
    if (!link) return undefined;
    if (link.kind !== step.type) return `it is a device of kind ${link.kind ?? 'unknown'} by now`;
    machine.host.deleteLink(link.index);
    return undefined;
  },
  describe: (step) => `device ${step.link} (${step.type} to ${step.local})`,
  shell(step) {
    const remote = step.remote ?? (step.local.includes(':') ? '::' : 'any');
    const mode = step.type === 'ip6tnl' ? ' mode any' : '';
    const checksum = step.checksum ? ' icsum' : '';
    return {
      make: `ip link add ${step.link} type ${step.type}${mode} local ${step.local} remote ${remote}${checksum}`,
      undo: `ip link del ${step.link}`,
    };
  },
};

const linkUp: StepKind<LinkUpStep> = {
  former(step, machine) {
    const link = findLink(step.link, machine);
    return link?.up ? undefined : link ? 'down' : null;
  },
  make(step, machine) {
    machine.host.setUp(linkNamed(step.link, machine).index, true);
  },
  undo(step, former, machine) {
    const link = findLink(step.link, machine);
    if (former !== null && link?.up) machine.host.setUp(link.index, false);
    return undefined;
  },
  describe: (step) => `device ${step.link} up`,
  shell: (step) => ({ make: `ip link set ${step.link} up`, undo: `ip link set ${step.link} down` }),
};

const gue: StepKind<GueStep> = {
  former(step, machine) {
    return machine.guePorts(step.ipv6).includes(step.port) ? undefined : null;
  },
  make: (step, machine) => machine.addGuePort(step.port, step.ipv6),
  undo(step, _former, machine) {
    if (machine.guePorts(step.ipv6).includes(step.port)) machine.deleteGuePort(step.port, step.ipv6);
    return undefined;
  },
  describe: (step) => `GUE on UDP port ${step.port}`,
  shell(step) {
    const family = step.ipv6 ? ' -6' : '';
    return {
      make: `ip fou add port ${step.port} gue${family}`,
      undo: `ip fou del port ${step.port}${family}`,
    };
  },
};

const kernelModule: StepKind<ModuleStep> = {
  stays: true,
  former: (step, machine) => (machine.hasModule(step.name) ? undefined : null),
  make(step, machine) {
    const failure = machine.loadModule(step.name);
    if (failure !== undefined) throw new SetupError(`the kernel module ${step.name}: ${failure}`);
  },
  undo: () => undefined,
  describe: (step) => `kernel module ${step.name}`,
  shell: (step) => ({ make: `modprobe ${step.name}`, undo: ':' }),
};

const kinds: { readonly [K in Step['kind']]: StepKind<Extract<Step, { kind: K }>> } = {
  sysctl,
  address,
  tunnel,
  'link-up': linkUp,
  gue,
  module: kernelModule,
  'source-nat': sourceNat,
};

/** The functions of a step's kind. */
export function kindOf<S extends Step>(step: S): StepKind<S> {
  return kinds[step.kind] as unknown as StepKind<S>;
}

export function describeStep(step: Step): string {
  return kindOf(step).describe(step);
}

/** @see StepKind.former */
export function formerOf(step: Step, machine: Machine): Former | undefined {
  return kindOf(step).former(step, machine);
}

/** net/ipv4/conf/eth0.7/arp_ignore as sysctl(8) writes it: net.ipv4.conf.eth0/7.arp_ignore. */
function dotted(name: string): string {
  return name.replace(/[/.]/g, (sign) => (sign === '/' ? '.' : '/'));
}

function bytesOf(text: string): Uint8Array {
  const bytes = parseAddress(text);
  if (!bytes) throw new SetupError(`${text} is not an IP address`);
  return bytes;
}

function findLink(name: string, machine: Machine): Link | undefined {
  return machine.host.links().find((link) => link.name === name);
}

function linkNamed(name: string, machine: Machine): Link {
  const links = machine.host.links();
  const link = links.find((each) => each.name === name);
  if (link) return link;
  const names = links.map((each) => each.name).join(', ');
  throw new SetupError(`there is no interface ${name}; this machine has ${names}`);
}

/**
 * Whether the address stands beside the interface's own. A host prefix does not keep IPv6 from choosing
 * it as a source: a real server would drop the director's tunnel packets as its own.
 */
function isGuest({ link }: AddressStep): boolean {
  return link !== 'lo';
}

function hasAddress(step: AddressStep, machine: Machine): boolean {
  const link = findLink(step.link, machine);
  const wanted = formatAddress(bytesOf(step.address));
  return machine.host
    .addresses()
    .some(
      (each) =>
        each.link === link?.index && each.prefix === step.prefix && formatAddress(each.address) === wanted,
    );
}

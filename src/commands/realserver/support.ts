/** What the subcommands of realserver share. */
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { HostAddress, Link } from '../../host/types';
import { formatAddress, parseAddress } from '../../model/address';
import {
  interfacesFor,
  isVip,
  type RealServerOptions,
  realServerMethods,
  realServerSteps,
} from '../../setup/realserver';
import type { Machine, Step } from '../../setup/step';
import { CommandLineError } from '../support/command-line-error';
import { portFlag } from '../support/port-flag';

export const vipsArgument = {
  vip: Args.string({
    required: true,
    ignoreStdin: true,
    description: 'a virtual IP address, IPv4 or IPv6; several may follow',
  }),
};

const GUE_PORT = 6080;

export const realServerFlags = {
  method: Flags.option({
    options: realServerMethods,
    default: 'direct' as const,
    description:
      'how the director forwards: direct (its --gatewaying), tunnel (IP in IP), gue, gre, masquerading (NAT)',
  })(),
  interface: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'INTERFACE',
    description:
      'an interface by which neighbours ask for the VIP; repeatable; default: those of its subnet, or of the default route',
  }),
  local: Flags.string({
    helpValue: 'ADDRESS',
    description:
      'tunnels: the address of this machine that the director sends to; default: that of the interface',
  }),
  director: Flags.string({
    helpValue: 'ADDRESS',
    description: 'the address of the director: for gre with --tun-csum, and for the check of masquerading',
  }),
  'tun-port': portFlag({ default: GUE_PORT, description: 'gue: the UDP port' }),
  'tun-csum': Flags.boolean({ description: 'gre: packets have checksums' }),
};

export interface RealServerFlags {
  readonly method: RealServerOptions['method'];
  readonly interface?: readonly string[] | undefined;
  readonly local?: string | undefined;
  readonly director?: string | undefined;
  readonly 'tun-port': number;
  readonly 'tun-csum': boolean;
}

/** Checks the words of a command line. @throws CommandLineError with every problem. */
export function checkWords(vips: readonly string[], flags: RealServerFlags): void {
  const problems = vips.filter((vip) => !isVip(vip)).map((vip) => `${vip}: ${vipProblem(vip)}`);
  for (const name of ['local', 'director'] as const) {
    const text = flags[name];
    if (text !== undefined && !parseAddress(text)) {
      problems.push(`--${name} ${text} is not an IP address, such as 10.0.0.17`);
    }
  }
  for (const name of flags.interface ?? []) {
    if (!/^[A-Za-z0-9_@.:-]{1,15}$/.test(name) || /^\.\.?$/.test(name)) {
      problems.push(`--interface ${name} is not the name of an interface, such as eth0`);
    }
  }
  if (flags['tun-csum'] && flags.method !== 'gre') {
    problems.push(`--tun-csum is for --method gre; --method is ${flags.method}`);
  }
  if (flags['tun-csum'] && flags.director === undefined) {
    problems.push(
      '--tun-csum needs --director ADDRESS: a device that takes checksums takes packets of one sender',
    );
  }
  if (problems.length > 0) throw new CommandLineError(problems);
}

function vipProblem(vip: string): string {
  const [address] = vip.split('/');
  if (vip.includes('/') && isVip(address!)) {
    return `a VIP has no prefix: it is always ${address}/${address!.includes(':') ? 128 : 32}; a wider one would make its subnet local to this machine`;
  }
  return parseAddress(vip)
    ? 'a VIP is a unicast address, and not one of loopback'
    : 'is not an IP address, such as 192.0.2.10 or 2001:db8::10';
}

/** The steps for this machine. @throws CommandLineError, NetlinkError. */
export function stepsHere(vips: readonly string[], flags: RealServerFlags, machine: Machine): Step[] {
  const links = machine.host.links();
  const chosen = flags.interface?.map((name) => linkNamed(name, links));
  const interfaces = chosen ?? interfacesFor(vips, links, machine.host.routes());
  const local = flags.local ?? defaultLocal(vips, interfaces, machine.host.addresses());
  if (local === undefined && ['tunnel', 'gue', 'gre'].includes(flags.method)) {
    throw new CommandLineError([
      `no interface has an address that the director could send to; name it with --local ADDRESS`,
    ]);
  }
  return realServerSteps({
    ...optionsOf(vips, flags),
    interfaces: interfaces.map(({ name }) => name),
    local,
  });
}

/** The steps for another machine, of which nothing is known but what the command line says. */
export function stepsElsewhere(vips: readonly string[], flags: RealServerFlags): Step[] {
  if (flags.local === undefined && ['tunnel', 'gue', 'gre'].includes(flags.method)) {
    throw new CommandLineError([`--method ${flags.method} needs --local ADDRESS: that of the real server`]);
  }
  return realServerSteps({
    ...optionsOf(vips, flags),
    interfaces: flags.interface ?? [],
    local: flags.local,
  });
}

function optionsOf(vips: readonly string[], flags: RealServerFlags) {
  return {
    vips: [...new Set(vips.map((vip) => formatAddress(parseAddress(vip)!)))],
    method: flags.method,
    remote: flags['tun-csum'] ? flags.director : undefined,
    port: flags['tun-port'],
    checksum: flags['tun-csum'],
  };
}

function linkNamed(name: string, links: readonly Link[]): Link {
  const link = links.find((each) => each.name === name);
  if (link) return link;
  const names = links.map((each) => each.name).join(', ');
  throw new CommandLineError([`--interface ${name}: this machine has ${names}`]);
}

/** The first address of the interfaces that is no VIP, of IPv4 if there is one. */
function defaultLocal(
  vips: readonly string[],
  interfaces: readonly Link[],
  addresses: readonly HostAddress[],
): string | undefined {
  const texts = addresses
    .filter(({ link }) => interfaces.some(({ index }) => index === link))
    .map(({ address }) => formatAddress(address))
    .filter((text) => !vips.includes(text) && !text.startsWith('fe80'));
  return texts.find((text) => !text.includes(':')) ?? texts[0];
}

/** What is wrong with the way back of a masquerading real server, as lines. */
export function defaultRouteProblems(
  { director }: RealServerFlags,
  machine: Machine,
  vips: readonly string[],
): string[] {
  const ipv6 = vips.some((vip) => vip.includes(':'));
  const gateway = machine.host
    .routes()
    .find(({ destination, family }) => !destination && (family === 10) === ipv6)?.gateway;
  const remedy = `ip${ipv6 ? ' -6' : ''} route replace default via ${director ?? 'DIRECTOR'}`;
  if (!gateway)
    return [`this machine has no default route, so its answers cannot pass the director: ${remedy}`];
  const text = formatAddress(gateway);
  if (director === undefined || text === formatAddress(parseAddress(director)!)) return [];
  return [`the default route leads to ${text} and not to the director: ${remedy}`];
}

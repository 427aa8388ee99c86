/**
 * The table as everyone may read it: /proc/net/ip_vs (ip_vs_info_seq_show of ip_vs_ctl.c). It lacks
 * what `missingParts` names.
 */
import { AF_INET, AF_INET6, type Family, ipv4FromWord, parseIpv6 } from '../model/address';
import { limits } from '../model/limits';
import { forwardingMethods, type ListedServer } from '../model/real-server';
import type { IpvsInfo } from '../model/table';
import {
  hostNetmask,
  type ListedService,
  protocols,
  type ServiceKey,
  serviceFlags,
  UNKNOWN_TIMEOUT,
} from '../model/virtual-service';

export const PROC_TABLE = '/proc/net/ip_vs';

export const missingParts =
  'counters, rates, thresholds, persistent connections, persistence timeouts and engines, scheduler flags, tunnel data';

export interface ProcTable {
  readonly info: IpvsInfo;
  readonly services: readonly { readonly service: ListedService; readonly servers: ListedServer[] }[];
}

/** The names of forwarding methods (ip_vs_fwd_name). */
const methods: Readonly<Record<string, number>> = {
  Masq: forwardingMethods.masquerading,
  Local: forwardingMethods.local,
  Tunnel: forwardingMethods.tunneling,
  Route: forwardingMethods.gatewaying,
};

/** Parses the file; undefined if it does not begin as it should. Passes over lines that it does not know. */
export function parseProcTable(text: string): ProcTable | undefined {
  const [title = '', ...lines] = text.split('\n');
  const numbers = /^IP Virtual Server version (\d+)\.(\d+)\.(\d+) \(size=(\d+)\)/.exec(title)?.slice(1);
  if (!numbers) return undefined;
  const [major = 0, minor = 0, patch = 0, connectionTableSize = 0] = numbers.map(Number);
  const info = { version: (major << 16) | (minor << 8) | patch, connectionTableSize };
  const services: { service: ListedService; servers: ListedServer[] }[] = [];
  for (const line of lines) {
    const server = parseServer(line);
    const service = server ? undefined : parseService(line);
    if (service) services.push({ service, servers: [] });
    if (server) services.at(-1)?.servers.push(server);
  }
  return { info, services: services.map(withFamily) };
}

const END = String.raw`(?:\[([0-9a-f:.]+)\]|([0-9A-F]{8})):([0-9A-F]{4})`;
const SERVER = new RegExp(String.raw`^ {2}-> ${END} +(\S+) +(-?\d+) +(\d+) +(\d+)`);
const SERVICE = new RegExp(
  String.raw`^(?:(TCP|UDP|SCTP) +${END}|FWM +([0-9A-F]{8})) +(\S+) +(ops +)?(?:persistent (\d+) ([0-9A-F]{8}))?`,
);

function parseServer(line: string): ListedServer | undefined {
  const [, ipv6, ipv4, port, method = '', weight, active, inactive] = SERVER.exec(line) ?? [];
  if (port === undefined) return undefined;
  return {
    ...endpointOf(ipv6, ipv4, port),
    forwarding: methods[method] ?? forwardingMethods.masquerading,
    weight: Number(weight),
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: { type: 0, port: 0, flags: 0 },
    activeConnections: Number(active),
    inactiveConnections: Number(inactive),
    persistentConnections: 0,
  };
}

function parseService(line: string): ListedService | undefined {
  const [, protocol, ipv6, ipv4, port, fwmark, scheduler, onePacket, timeout, netmask] =
    SERVICE.exec(line) ?? [];
  if (scheduler === undefined) return undefined;
  const key: ServiceKey =
    fwmark === undefined
      ? { kind: 'address', protocol: protocolOf(protocol!), ...endpointOf(ipv6, ipv4, port!) }
      : { kind: 'fwmark', fwmark: Number.parseInt(fwmark, 16), family: AF_INET };
  const persistent = timeout === undefined ? 0 : serviceFlags.persistent;
  return {
    key,
    scheduler,
    flags: persistent | (onePacket ? serviceFlags.onePacket : 0),
    // The file has it in ticks of the kernel, whose number a second it does not tell.
    timeout: persistent ? UNKNOWN_TIMEOUT : 0,
    netmask: netmask === undefined ? hostNetmask(key.family) : netmaskOf(key.family, netmask),
    persistenceEngine: '',
  };
}

/** The file does not tell the family of a firewall mark: that of its first real server. */
function withFamily<T extends { service: ListedService; servers: ListedServer[] }>(entry: T): T {
  const { service, servers } = entry;
  const family = servers[0]?.family;
  if (service.key.kind !== 'fwmark' || family !== AF_INET6) return entry;
  const netmask = service.netmask === hostNetmask(AF_INET) ? hostNetmask(family) : service.netmask;
  return { ...entry, service: { ...service, key: { ...service.key, family }, netmask } };
}

function endpointOf(ipv6: string | undefined, ipv4: string | undefined, port: string) {
  const address = ipv6 === undefined ? ipv4FromWord(Number.parseInt(ipv4!, 16)) : parseIpv6(ipv6);
  const family: Family = ipv6 === undefined ? AF_INET : AF_INET6;
  return { family, address: address ?? new Uint8Array(16), port: Number.parseInt(port, 16) };
}

function protocolOf(name: string): number {
  return protocols[name.toLowerCase() as keyof typeof protocols];
}

/** The file swaps the bytes of a prefix length, as it has to with a mask, where the machine has them so. */
function netmaskOf(family: Family, digits: string): number {
  const word = Number.parseInt(digits, 16);
  const isPrefix = family === AF_INET6 && word > limits.prefixLength.max;
  return isPrefix ? ipv4FromWord(word)[0]! : word;
}

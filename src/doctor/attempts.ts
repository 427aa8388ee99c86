/** What doctor sends, and what comes of it: connections, questions to neighbours, membership of a group. */

import { sameBytes } from '../bytes/same-bytes';
import type { HostClient } from '../host/client';
import type { HostAddress, Link, Route } from '../host/types';
import { AF_INET, formatAddress } from '../model/address';
import { forwardingMethods, type ListedServer } from '../model/real-server';
import { daemonStates, type SyncDaemon } from '../model/sync-daemon';
import { type ListedService, protocols } from '../model/virtual-service';
import { NetlinkError } from '../netlink/errors';
import type { InteractiveSystem } from '../platform/interactive-system';
import { interfacesFor } from '../setup/realserver';
import { type ConnectionAttempt, connectKey, type Place } from './facts';

/** A service as the first look saw it. */
export interface Looked {
  readonly service: ListedService;
  readonly servers: readonly ListedServer[];
}

/** A neighbour that has an address answers within that. */
const ANSWER = 700;
const CONNECT_LIMIT = 1500;
/** At most so many connections are tried: a table may hold 100,000 real servers. */
const MOST_ATTEMPTS = 512;
/** A master collects for 2 s what it sends. */
const HEARING = 4500;
const SYNC_GROUP = '224.0.0.81';
const SYNC_PORT = 8848;

/** What a failed connection means. */
const outcomes: Readonly<Record<string, ConnectionAttempt>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timeout',
};

/** Opens a TCP connection to each real server, all at once, and closes it. */
export async function tryServers(
  table: readonly Looked[],
  system: InteractiveSystem,
): Promise<Map<string, ConnectionAttempt>> {
  const places = table.flatMap(attemptsFor).map((place) => [connectKey(place), place] as const);
  const tried = [...new Map(places)].slice(0, MOST_ATTEMPTS).map(async ([key, { address, port }]) => {
    const target = { address: formatAddress(address), port, localPort: 0, timeout: CONNECT_LIMIT };
    const { connected, failure = '' } = await system.call(target);
    return [key, connected === undefined ? (outcomes[failure] ?? 'failed') : 'open'] as const;
  });
  return new Map(await Promise.all(tried));
}

/** The real servers of TCP services that get connections. */
function attemptsFor({ service: { key }, servers }: Looked): Place[] {
  if (key.kind !== 'address' || key.protocol !== protocols.tcp) return [];
  return servers
    .filter(
      ({ weight, port, forwarding }) => weight > 0 && port > 0 && forwarding !== forwardingMethods.local,
    )
    .map(({ address, port }) => ({ address, port }));
}

interface Network {
  readonly host: HostClient;
  readonly links: readonly Link[];
  readonly addresses: readonly HostAddress[];
  readonly routes: readonly Route[];
  /** Whether an interface does not answer ARP for addresses of other ones (arp_ignore). */
  readonly hides: (link: string) => boolean;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/**
 * Lets the kernel ask who else has the VIPs of this machine: an entry that gets a MAC address names
 * another machine. It disturbs nothing, as the entry of an own address is never used. IPv4 alone:
 * the kernel takes no answer for an IPv6 address of its own.
 */
export async function askOwners(
  vips: readonly Uint8Array[],
  { host, links, addresses, routes, hides, sleep }: Network,
): Promise<Map<string, Uint8Array>> {
  const mine = vips.filter((vip) => vip.length === 4 && addresses.some((own) => sameBytes(own.address, vip)));
  const unique = [...new Map(mine.map((vip) => [formatAddress(vip), vip])).values()];
  const asked = unique.flatMap((vip) => {
    const holders = links.filter(
      ({ index, arp, up }) =>
        arp && up && addresses.some((own) => own.link === index && sameBytes(own.address, vip)),
    );
    // On lo, and hidden by arp_ignore, it is that of a standby: another machine should answer.
    const shown = interfacesFor([formatAddress(vip)], links, routes).filter(({ name }) => !hides(name));
    const where = holders.length > 0 ? holders : shown;
    return where.map(({ index }) => ({ vip, index }));
  });
  for (const { vip, index } of asked) ignoringRefusal(() => host.askNeighbour(index, vip));
  await sleep(ANSWER);
  const answers = host.neighbours();
  const owners = new Map<string, Uint8Array>();
  for (const { vip, index } of asked) {
    const entry = answers.find(({ link, address }) => link === index && sameBytes(address, vip));
    const own = links.some(({ address }) => sameBytes(address, entry?.mac));
    if (entry?.mac && entry.state !== 'failed' && !own) owners.set(formatAddress(vip), entry.mac);
    ignoringRefusal(() => host.forgetNeighbour(index, vip));
  }
  return owners;
}

function ignoringRefusal(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
  }
}

/** While a backup daemon runs: whose messages come. Byte 1 of a message is the syncid. */
export async function hearSyncIds(
  daemons: readonly SyncDaemon[],
  {
    system,
    links,
    addresses,
  }: {
    readonly system: InteractiveSystem;
    readonly links: readonly Link[];
    readonly addresses: readonly HostAddress[];
  },
): Promise<number[]> {
  const backup = daemons.find(({ state }) => state === daemonStates.backup);
  const link = links.find(({ name }) => name === backup?.interface);
  const local = addresses.find((own) => own.link === link?.index && own.family === AF_INET);
  if (!backup || !link || !local) return [];
  const group = backup.group?.length === 4 ? formatAddress(backup.group) : SYNC_GROUP;
  const port = backup.port || SYNC_PORT;
  const text = formatAddress(local.address);
  const heard = await system.hearMulticast(group, port, text, HEARING);
  const foreign = heard.filter(({ sender, bytes }) => sender !== text && bytes.length > 5);
  return [...new Set(foreign.map(({ bytes }) => bytes[1]!))];
}

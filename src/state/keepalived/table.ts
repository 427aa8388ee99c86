/**
 * The table that keepalived makes at its start: its commands to the kernel, carried out on a table in
 * memory (ipwrapper.c, init_services; ipvswrapper.c, ipvs_cmd). All health checks count as good.
 */
import { formatAddress } from '../../model/address';
import { addressVerdict } from '../../model/kernel-rules';
import { limits } from '../../model/limits';
import type { Diagnostics } from '../source/collect';
import type { AddressEntry, FamilyName, GroupEntry, MarkEntry, Server, VirtualServer } from './model';
import { isChecked } from './policies';
import { type Key, keyOf, nameOf, zeroKey, zeroKeyInGroup } from './service-key';
import { threshold } from './validate';

export interface Service {
  readonly owner: VirtualServer;
  readonly key: Key;
  /** The kernel's, which is not that of the owner for the services of a group. */
  readonly servers: Map<string, ServiceServer>;
}

export interface ServiceServer {
  readonly server: Server;
  readonly port: number;
  readonly weight: number | undefined;
}

/** How many services and real servers the addresses of groups may make. */
const MAX_ENTRIES = 400_000;

type Command = 'add' | 'add-server' | 'delete-server' | 'edit-server';

/** A real server as a virtual server sees it. */
interface Member {
  readonly server: Server;
  readonly inhibit: boolean;
  alive: boolean;
  /** Whether it is in the table. */
  set: boolean;
  /** Whether it is added with weight 0. */
  failed: boolean;
}

/** @param synchronised whether there is a sync daemon, with which the kernel refuses mixed families. */
export function tableOf(
  all: readonly VirtualServer[],
  synchronised: boolean,
  diagnostics: Diagnostics,
): Service[] {
  const services = new Map<string, Service>();
  let entries = 0;
  for (const own of all) {
    entries += entriesOf(own);
    if (entries > MAX_ENTRIES) {
      const at = own.target.kind === 'group' ? own.target.name : own.word;
      diagnostics.error(at, `groups make more than ${MAX_ENTRIES} services and real servers`);
      break;
    }
    begin(own);
  }
  return [...services.values()];

  function begin(own: VirtualServer): void {
    perform('add', own, undefined);
    const members = own.servers.map((server) => memberOf(server, server.inhibit ?? false));
    for (const member of members) {
      perform('add-server', own, member);
      member.alive = true;
    }
    const sorry = own.sorry && memberOf(own.sorry, sorryInhibited(own, members));
    if (!sorry) return;
    const sum = members.reduce((total, { server }) => total + (server.weight?.value ?? 1), 0);
    if (sum < threshold(own)) replaceBySorry(own, members, sorry);
    else if (sorry.inhibit && !duplicates(own)) {
      sorry.failed = true;
      perform('add-server', own, sorry);
    } else if (!sorry.inhibit && !isChecked(own)) {
      diagnostics.note(
        sorry.server.endpoint.word,
        "'sorry_server' is ignored: it is in the table only while the real servers are down, and none of them is checked",
      );
    }
  }

  function replaceBySorry(own: VirtualServer, members: readonly Member[], sorry: Member): void {
    diagnostics.warn(
      sorry.server.endpoint.word,
      `the sorry server replaces the real servers, even while all are up: their weights are below ${threshold(own)}`,
      'the sum of the weights must reach quorum and hysteresis together, and must not be 0',
    );
    for (const member of members) perform('delete-server', own, member);
    perform('add-server', own, sorry);
  }

  /** ipvs_cmd: with inhibit_on_failure a server is not deleted, but gets weight 0. */
  function perform(wanted: Command, own: VirtualServer, member: Member | undefined): void {
    let command = wanted;
    let weight = member?.server.weight?.value;
    if (member && wanted === 'delete-server') {
      if (member.inhibit) {
        command = 'edit-server';
        weight = 0;
      } else member.set = false;
    } else if (member && wanted === 'add-server') {
      if (member.inhibit && member.set) command = 'edit-server';
      else {
        if (member.inhibit && member.failed) weight = 0;
        member.set = true;
      }
    }
    const { target } = own;
    if (target.kind === 'group') {
      performOnGroup(command, own, member, weight);
      return;
    }
    const server = member?.server;
    const nat = server?.forwarding?.method === 'NAT';
    if (target.kind === 'fwmark' && target.mark !== 0) {
      const key: Key = { kind: 'fwmark', mark: target.mark, family: own.family!.value, word: target.word };
      const port = nat ? server!.endpoint.port : 0;
      run(command, own, key, server && { server, port, weight });
      return;
    }
    const key = target.kind === 'address' ? keyOf(own, target.endpoint, 0) : zeroKey(own, target.word);
    const natPort =
      server && (isSorry(own, server) ? server.endpoint.port : server.endpoint.port || key.port);
    run(command, own, key, server && { server, port: nat ? natPort! : key.port, weight });
  }

  function performOnGroup(
    command: Command,
    own: VirtualServer,
    member: Member | undefined,
    weight?: number,
  ): void {
    const { addresses, marks } =
      own.target.kind === 'group' ? own.target.group! : { addresses: [], marks: [] };
    const server = member?.server;
    const nat = server?.forwarding?.method === 'NAT';
    for (const entry of addresses) {
      const { port } = entry.endpoint;
      const placed = server && { server, port: nat ? server.endpoint.port : port, weight };
      if (needed(command, own, entry, member)) {
        for (let index = 0; index < entry.count; index++) {
          if (!run(command, own, keyOf(own, entry.endpoint, index), placed)) return;
        }
      }
      count(command, own, entry);
    }
    for (const entry of marks) {
      const family = entry.family ?? own.family?.value ?? 'ipv4';
      const placed = server && { server, port: nat ? server.endpoint.port : 0, weight };
      const key = markKey(own, family, entry);
      if (!key) return;
      if (needed(command, own, entry, member) && !run(command, own, key, placed)) return;
      count(command, own, entry);
    }
  }

  function markKey(own: VirtualServer, family: FamilyName, { mark, word }: MarkEntry): Key | undefined {
    if (mark !== 0) return { kind: 'fwmark', mark, family, word };
    const key = zeroKeyInGroup(own, family, word);
    if (!key)
      diagnostics.error(
        word,
        'firewall mark 0: keepalived makes a service without a protocol, which cannot be expressed',
        'a mark from 1 to 4294967295',
      );
    return key;
  }

  /** @returns whether keepalived goes on with the further services of a group. */
  function run(command: Command, own: VirtualServer, key: Key, placed: ServiceServer | undefined): boolean {
    const name = nameOf(key);
    const service = services.get(name);
    if (command === 'add') {
      if (service) warnOfMerge(own, key);
      else services.set(name, { owner: own, key, servers: new Map() });
      return true;
    }
    if (!service) {
      diagnostics.warn(
        key.word,
        'keepalived does not add the real servers here: there is no service of this address family',
      );
      return false;
    }
    const { server, port } = placed!;
    const serverName = `${formatAddress(server.endpoint.address)} ${port}`;
    if (command === 'delete-server') {
      service.servers.delete(serverName);
      return true;
    }
    const exists = service.servers.has(serverName);
    if (command === 'add-server' && exists) {
      diagnostics.warn(
        server.endpoint.word,
        `the service already has the real server ${formatAddress(server.endpoint.address)} port ${port}: this one is ignored`,
      );
      return true;
    }
    const why = refusal(service, server);
    if (why !== undefined) {
      diagnostics.warn(server.endpoint.word, `keepalived leaves this server out: the kernel refuses ${why}`);
      return false;
    }
    warnOfPort(placed!);
    service.servers.set(serverName, placed!);
    return true;
  }

  function warnOfMerge(own: VirtualServer, { word }: Key): void {
    diagnostics.warn(
      own.target.kind === 'group' ? own.target.name : word,
      'the service exists already: keepalived adds the real servers to it, and ignores the other settings here',
    );
  }

  function warnOfPort({ server, port }: ServiceServer): void {
    const { forwarding, endpoint } = server;
    if (forwarding?.method === 'NAT' || endpoint.port === 0 || endpoint.port === port) return;
    diagnostics.warn(
      endpoint.portWord,
      `keepalived uses port ${port} instead of ${endpoint.port}`,
      'only NAT can change the port',
    );
  }

  /** What the kernel refuses about a real server. */
  function refusal({ key }: Service, { endpoint, forwarding, lower, upper }: Server): string | undefined {
    const mixed = key.family !== endpoint.family;
    if (addressVerdict(endpoint.address) === 'refused') return 'its address';
    if (mixed && forwarding?.method !== 'TUN') return 'another address family without tunneling';
    if (mixed && synchronised) return 'another address family than that of the service next to a sync daemon';
    if ((lower?.value ?? 0) > (upper?.value ?? 0)) return 'a lower threshold above the upper one';
    if ((upper?.value ?? 0) > limits.threshold.max) return 'the upper threshold';
    return undefined;
  }
}

function memberOf(server: Server, inhibit: boolean): Member {
  return { server, inhibit, alive: false, set: false, failed: false };
}

function isSorry({ sorry }: VirtualServer, server: Server): boolean {
  return sorry === server;
}

function sameEndpoint({ endpoint: one }: Server, { endpoint: other }: Server): boolean {
  return one.port === other.port && one.address.join() === other.address.join();
}

function duplicates({ sorry, servers }: VirtualServer): boolean {
  return sorry !== undefined && servers.some((server) => sameEndpoint(server, sorry));
}

/** A sorry server that is also a real server takes inhibit_on_failure from it. */
function sorryInhibited({ sorry, sorryInhibit }: VirtualServer, members: readonly Member[]): boolean {
  const same = members.filter(({ server }) => sorry && sameEndpoint(server, sorry)).at(-1);
  return same ? same.inhibit : sorryInhibit !== undefined;
}

function entriesOf({ target, servers }: VirtualServer): number {
  if (target.kind !== 'group') return 0;
  const { addresses, marks } = target.group!;
  const services = addresses.reduce((total, { count }) => total + count, marks.length);
  return services > 1 ? services * (1 + servers.length) : 0;
}

/** Which of the counts of an entry keepalived looks at before it adds a service. */
function lookedAt(own: VirtualServer, entry: GroupEntry): string {
  if (entry.kind === 'address') return own.protocol?.value ?? 'sctp';
  return own.family || entry.family === 'ipv4' ? 'ipv4' : 'ipv6';
}

/** Which of the counts it changes: not the same for marks, which is a mistake in keepalived. */
function counted(own: VirtualServer, entry: GroupEntry): string {
  if (entry.kind === 'address') return own.protocol?.value ?? 'sctp';
  return own.family?.value === 'ipv4' ? 'ipv4' : 'ipv6';
}

function needed(
  command: Command,
  own: VirtualServer,
  entry: AddressEntry | MarkEntry,
  member?: Member,
): boolean {
  if (command === 'add') return (entry.alive[lookedAt(own, entry)] ?? 0) === 0;
  if (command === 'add-server') return !member!.alive;
  return command === 'edit-server' || member!.alive;
}

function count(command: Command, own: VirtualServer, entry: GroupEntry): void {
  const by = command === 'add-server' ? 1 : command === 'delete-server' ? -1 : 0;
  const name = counted(own, entry);
  entry.alive[name] = (entry.alive[name] ?? 0) + by;
}

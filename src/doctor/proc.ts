/** Reads files of /proc. */
import { LineCutter } from '../bytes/line-cutter';
import { parseConnection } from '../format/connections';
import { formatAddress, ipv4FromWord } from '../model/address';
import type { ConnectionGroup, Listener } from './facts';

/** The counters of /proc/net/snmp or netstat: pairs of lines, of names and of values. */
export function parseCounters(text: string): Map<string, number> {
  const counters = new Map<string, number>();
  const lines = text.split('\n');
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [title = '', ...names] = lines[at]!.split(' ');
    const [, ...values] = lines[at + 1]!.split(' ');
    for (const [index, name] of names.entries()) {
      counters.set(`${title.slice(0, -1)}${name}`, Number(values[index] ?? 0));
    }
  }
  return counters;
}

/** By how much each counter grew. */
export function growthOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map([...after].map(([name, value]) => [name, value - (before.get(name) ?? value)]));
}

/** TCP_LISTEN of the kernel's tcp_states.h, as /proc/net/tcp writes it. */
const LISTEN = '0A';

/**
 * The listening sockets of /proc/net/tcp or tcp6.
 * @param littleEndian the byte order of the kernel, in which it writes each 32 bits of an address.
 */
export function parseListeners(text: string, littleEndian: boolean): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [hex = '', port = ''] = local.split(':');
    if (state !== LISTEN || (hex.length !== 8 && hex.length !== 32)) return [];
    const words = hex.match(/.{8}/g)!.map((word) => Number.parseInt(word, 16));
    const address = words.flatMap((word) => {
      const bytes = [...ipv4FromWord(word)];
      return littleEndian ? bytes.reverse() : bytes;
    });
    return [{ address: Uint8Array.from(address), port: Number.parseInt(port, 16) }];
  });
}

/** The modules of /proc/modules and how often each is used. */
export function parseModules(text: string): Map<string, number> {
  return new Map([...text.matchAll(/^(\S+) \d+ (\d+)/gm)].map(([, name, uses]) => [name!, Number(uses)]));
}

/** How many clients of half-open connections are kept for each group. */
const SOME = 16;

/** Counts the entries of /proc/net/ip_vs_conn by virtual address and real server, while it is read. */
export function groupConnections(blocks: Iterable<Uint8Array>): ConnectionGroup[] {
  const groups = new Map<string, Writable<ConnectionGroup> & { waitingClients: Uint8Array[] }>();
  const count = (line: string) => {
    const entry = parseConnection(line);
    if (!entry || entry.protocol === 'Pro') return;
    const { protocol, virtual, destination, client, state } = entry;
    const key = [
      protocol,
      ...[virtual, destination].map((end) => `${formatAddress(end.address)} ${end.port}`),
    ].join();
    let group = groups.get(key);
    if (!group) {
      const empty = { halfOpen: 0, established: 0, others: 0, templates: 0, waitingClients: [] };
      group = { protocol, virtual, destination, ...empty };
      groups.set(key, group);
    }
    if (client.port === 0 && protocol !== 'ESP' && protocol !== 'AH') group.templates++;
    else if (state === 'SYN_RECV') {
      group.halfOpen++;
      if (group.waitingClients.length < SOME) group.waitingClients.push(client.address);
    } else if (state === 'ESTABLISHED') group.established++;
    else group.others++;
  };
  const cutter = new LineCutter();
  for (const block of blocks) for (const line of cutter.cut(block, (_block, from) => from)) count(line);
  if (cutter.rest() !== '') count(cutter.rest());
  return [...groups.values()];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

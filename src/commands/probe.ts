import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { counted } from '../bytes/counted';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import type { Connection } from '../format/connections';
import { formatEndpoint } from '../format/endpoint';
import type { HostClient } from '../host/client';
import { formatAddress, parseAddress } from '../model/address';
import { type ServiceKey, serviceFlags } from '../model/virtual-service';
import { NetlinkError } from '../netlink/errors';
import { connectionsOf } from '../operations/list-connections';
import { failureText, namespacePath } from '../operations/network-namespace';
import type { Call } from '../platform/interactive-system';
import type { Choose } from '../prediction/types';
import { type Probed, type Summary, summarize } from '../probe/summary';
import { parseServiceName } from '../state/table/parse-service-name';
import { serverName, serviceName } from '../state/table/table-state';
import { IpvsCommand } from './support/base';
import { candidateOf, chooserOf } from './support/candidate';
import { CommandLineError } from './support/command-line-error';
import { asksData, dataFlags, writeValue } from './support/data';
import { withMachine } from './support/machine';
import { numberFlag } from './support/number-flag';
import { secondsFlag } from './support/seconds-flag';

const NAMESPACE = 'netns:';
const DEFAULT_TIMEOUT = 3000;
/** The ports that calls come from: the kernel's own range for clients. */
const CLIENT_PORTS = { min: 32_768, count: 28_000 };
/** There once the kernel has IPVS. */
const TABLE_FILE = '/proc/net/ip_vs';

export default class Probe extends IpvsCommand {
  static override summary = 'connect through a VIP, and tell which real servers answered';
  static override description =
    'Makes real TCP connections, one after the other. On the director, the real server of each is read from the ' +
    'connection table, and shown beside what the scheduler would give; from a client, the first line of the answer ' +
    'stands for it. Packets of the director itself never pass its network: probe from a client, or with ' +
    '--from netns:NAME from a namespace of this machine. The exit status is 1 if a connection failed.';
  static override examples = [
    '<%= config.bin %> probe tcp:192.0.2.10:80',
    '<%= config.bin %> probe tcp:192.0.2.10:80 --http / --count 40',
    '<%= config.bin %> probe tcp:192.0.2.10:80 --from netns:client',
  ];
  static override args = {
    service: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'a TCP service, such as tcp:192.0.2.10:80',
    }),
  };
  static override flags = {
    count: numberFlag({
      least: 1,
      most: 28_000,
      default: 20,
      description: 'the number of connections',
    }),
    from: Flags.string({
      helpValue: 'ADDRESS|netns:NAME',
      description: 'the address of this machine, or the network namespace, that the connections come from',
    }),
    http: Flags.string({
      helpValue: 'PATH',
      description: 'ask for this page; a status of 400 or above counts as failed',
    }),
    timeout: secondsFlag({ least: 0.01, description: 'the longest that a connection may take; default 3' }),
    ...dataFlags(),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Probe);
    const target = targetOf(args.service);
    const problem = flagsProblem(flags);
    if (problem !== undefined) throw new CommandLineError([problem]);
    const calls = flags.from?.startsWith(NAMESPACE)
      ? this.callsFrom(flags.from.slice(NAMESPACE.length), target.name, flags)
      : await this.calls(target, flags);
    const summary = await this.summary(calls, target.name);
    const { output } = this.context;
    if (asksData(flags)) writeValue(this.context, flags, { service: target.name, ...summary, calls });
    else output.write(summaryText(target.name, summary));
    if (summary.good < summary.count) this.context.status = exitStatus.differs;
  }

  /** Makes the connections, one after the other. */
  private async calls({ address, port }: Target, flags: ProbeFlags): Promise<Call[]> {
    const { system } = this.context;
    await withMachine(system, async ({ host }) => {
      if (!isHere(host, address)) return;
      throw new IpvsadmError(
        `ipvsadm: ${address} is an address of this machine, whose own packets never pass the network: probe from a client, or with --from netns:NAME`,
        exitStatus.usage,
      );
    });
    const request = flags.http && httpRequest(flags.http, address, port);
    const target = { address, port, from: flags.from, request, timeout: flags.timeout ?? DEFAULT_TIMEOUT };
    const firstPort = CLIENT_PORTS.min + Math.floor(Math.random() * CLIENT_PORTS.count);
    const calls: Call[] = [];
    await system.interruptible(async (sleep) => {
      while (calls.length < flags.count && (await sleep(0)) === undefined) {
        const localPort = CLIENT_PORTS.min + ((firstPort + calls.length) % CLIENT_PORTS.count);
        calls.push(await system.call({ ...target, localPort }));
      }
    });
    return calls;
  }

  /** Lets this program make the connections in another network namespace. */
  private callsFrom(name: string, service: string, flags: ProbeFlags): Call[] {
    const { system } = this.context;
    const seconds = (flags.timeout ?? DEFAULT_TIMEOUT) / 1000;
    const words = ['probe', service, '--json', '--count', `${flags.count}`, '--timeout', `${seconds}`];
    if (flags.http !== undefined) words.push('--http', flags.http);
    const result = system.runInNamespace(namespacePath(name, system), words, true);
    if ('errno' in result) {
      throw new IpvsadmError(
        `ipvsadm: cannot enter the network namespace ${name}: ${failureText(result)}`,
        exitStatus.usage,
      );
    }
    if (result.status > exitStatus.differs) throw new IpvsadmError(result.stderr.trimEnd(), result.status);
    return JSON.parse(result.stdout).calls;
  }

  /** Adds what the table and the connections of this director tell, if it is one. */
  private async summary(calls: readonly Call[], name: string): Promise<Summary> {
    const plain = () =>
      summarize(
        calls.map((call) => ({ call, server: undefined })),
        undefined,
        undefined,
      );
    // A client need not have IPVS, and its module is not loaded for this.
    if (this.context.system.readFile(TABLE_FILE) === undefined) return plain();
    let summary: Summary | undefined;
    await this.connected(({ connection, system }) => {
      const { client } = connection;
      const service = client.services().find(({ key }) => serviceName(key) === name);
      if (service) {
        const servers = client.servers(service.key);
        const ports = new Set(calls.map(({ source }) => source.port));
        const chosen = chosenServers(
          connectionsOf(system, () => {}),
          name,
          ports,
        );
        const persistent = (service.flags & serviceFlags.persistent) !== 0;
        const choose = persistent ? undefined : chooserOf(service, servers.map(candidateOf));
        summary = summarize(
          calls.map((call) => probedOf(call, chosen, service.key, choose)),
          [...servers].reverse().map((server) => ({ name: serverName(server), weight: server.weight })),
          service.scheduler,
        );
      }
      return exitStatus.ok;
    });
    return summary ?? plain();
  }
}

interface ProbeFlags {
  readonly count: number;
  readonly from?: string | undefined;
  readonly http?: string | undefined;
  readonly timeout?: number | undefined;
}

interface Target {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

function targetOf(text: string): Target {
  const name = parseServiceName(text.startsWith('tcp:') ? text : `tcp:${text}`);
  const [, bracketed, plain, port] = /^tcp:(?:\[(.+)\]|([0-9.]+)):(\d+)$/.exec(name ?? '') ?? [];
  const address = bracketed ?? plain;
  if (name !== undefined && address !== undefined && Number(port) > 0) {
    return { name, address, port: Number(port) };
  }
  throw new CommandLineError([
    `${text}: probe connects by TCP: name a service such as tcp:192.0.2.10:80 or tcp:[2001:db8::10]:80`,
  ]);
}

function flagsProblem({ from, http }: ProbeFlags): string | undefined {
  if (from?.startsWith(NAMESPACE) && from.includes('/')) {
    return `--from ${from}: netns: takes the name of a namespace, as ip netns lists it`;
  }
  if (from !== undefined && !from.startsWith(NAMESPACE) && !parseAddress(from)) {
    return `--from ${from}: must be an address of this machine, or netns:NAME`;
  }
  return http === undefined || /^\/[\x21-\x7e]*$/.test(http)
    ? undefined
    : `--http ${http}: must be a path that begins with a slash, without blanks`;
}

function httpRequest(path: string, address: string, port: number): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `GET ${path} HTTP/1.0\r\nHost: ${host}:${port}\r\nUser-Agent: ipvsadm-probe\r\nConnection: close\r\n\r\n`;
}

function isHere(host: HostClient, address: string): boolean {
  try {
    return host.routeTo(parseAddress(address)!).local;
  } catch (error) {
    if (error instanceof NetlinkError) return false; // there is no route: each call will tell
    throw error;
  }
}

interface Chosen {
  readonly client: string;
  readonly server: string;
}

/** The real servers that the connection table has for the service, by the client's port: one of `ports`. */
function chosenServers(
  connections: Iterable<Connection>,
  name: string,
  ports: ReadonlySet<number>,
): ReadonlyMap<number, Chosen[]> {
  const chosen = new Map<number, Chosen[]>();
  for (const { protocol, client, virtual, destination } of connections) {
    if (!ports.has(client.port)) continue;
    const service = `${protocol.toLowerCase()}:${formatEndpoint(virtual, 0, undefined)}`;
    if (service !== name) continue;
    const entry = {
      client: formatAddress(client.address),
      server: formatEndpoint(destination, 0, undefined),
    };
    chosen.set(client.port, [...(chosen.get(client.port) ?? []), entry]);
  }
  return chosen;
}

function probedOf(
  call: Call,
  chosen: ReadonlyMap<number, readonly Chosen[]>,
  key: ServiceKey,
  choose: Choose | undefined,
): Probed {
  const { port, address } = call.source;
  const entries = chosen.get(port) ?? [];
  // A call that was never connected does not know its address, but hardly anybody else has its port.
  const entry = address === undefined ? entries[0] : entries.find(({ client }) => client === address);
  const client = address ?? entry?.client;
  if (!choose || client === undefined || key.kind !== 'address') return { call, server: entry?.server };
  const foretold = choose({ source: parseAddress(client)!, port, destination: key.address });
  return { call, server: entry?.server, foretold: foretold?.name };
}

function summaryText(name: string, { count, good, shares, failures }: Summary): string {
  const head = `${counted(count, 'connection')} to ${name}: ${good} answered, ${count - good} failed\n`;
  const rows = shares.map((share) => [
    share.name,
    `${share.count}`,
    share.expected === undefined ? '-' : String(Math.round(share.expected * 10) / 10),
    milliseconds(share.connect),
    milliseconds(share.answer),
  ]);
  const table = aligned([['real server', 'got', 'expected', 'connected', 'answered'], ...rows]);
  const lines = failures.map(
    (failure) =>
      `${failure.count} failed at ${failure.step}: ${failure.reason}${failure.server === undefined ? '' : ` (${failure.server})`}\n`,
  );
  return head + (rows.length > 0 ? table : '') + lines.join('');
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(1)} ms`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ');
  return rows.map((row) => `${line(row)}\n`).join('');
}

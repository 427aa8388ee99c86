import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../errors/exit-status';
import { type Connection, formatConnection, formatConnectionTitles } from '../format/connections';
import { connectionCounts, countJson, countLines } from '../live/connection-counts';
import {
  type ConnectionQuery,
  isAsked,
  parseNetwork,
  parseTarget,
  type SummaryKey,
  summaryKeys,
} from '../live/connection-query';
import { scanner } from '../live/scan-connections';
import type { UsualConnection } from '../live/usual-connection';
import { connectionsOf } from '../operations/list-connections';
import { interruptions } from '../platform/interactive-system';
import { IpvsCommand } from './support/base';
import { numberFlag } from './support/number-flag';
import { secondsFlag } from './support/seconds-flag';
import { severalFlag } from './support/several-flag';

const protocols = ['tcp', 'udp', 'sctp', 'ip'];
const endpoint = 'must be an address, or an address with a port, such as 10.0.0.17:80 or [2001:db8::17]:80';
const capitals = (text: string) => (/^[A-Za-z0-9_]{1,32}$/.test(text) ? text.toUpperCase() : undefined);

export default class Connections extends IpvsCommand {
  static override summary = 'list the connections of clients, services, servers or states, or count them';
  static override description =
    'Reads the connection table of the kernel once, whatever its size, and keeps none of it: filters and counts are ' +
    'for tables of a million connections, too. Lines are those of list --connection.';
  static override examples = [
    '<%= config.bin %> connections --client 192.0.2.7',
    '<%= config.bin %> connections --server 10.0.0.17 --state ESTABLISHED --count',
    '<%= config.bin %> connections --summary client --top 5 --service 192.0.2.10:443',
    '<%= config.bin %> connections --follow --client 198.51.100.0/24',
  ];
  static override flags = {
    client: severalFlag(
      'ADDRESS[/BITS]',
      'of this client, or of this network',
      parseNetwork,
      'must be an address, or a network such as 192.0.2.0/24',
    ),
    service: severalFlag('ADDRESS[:PORT]', 'to this address of a virtual service', parseTarget, endpoint),
    server: severalFlag('ADDRESS[:PORT]', 'to this real server', parseTarget, endpoint),
    state: severalFlag(
      'STATE',
      'in this state, such as ESTABLISHED or FIN_WAIT',
      capitals,
      'must be a state of list --connection, such as ESTABLISHED',
    ),
    protocol: severalFlag(
      'PROTOCOL',
      'of this protocol: tcp, udp, sctp, or ip for templates of firewall marks',
      (text) => (protocols.includes(text) ? text.toUpperCase() : undefined),
      `must be one of ${protocols.join(', ')}`,
    ),
    'expires-from': secondsFlag({ least: 0, description: 'that expire in this time or later' }),
    'expires-to': secondsFlag({ least: 0, description: 'that expire within this time' }),
    summary: Flags.option({
      options: Object.keys(summaryKeys) as SummaryKey[],
      description: 'count them by client, server, state or service, the most frequent first',
      exclusive: ['count', 'follow'],
    })(),
    top: numberFlag({
      least: 1,
      most: 4_294_967_295,
      description: 'with --summary: this many; default 20',
      dependsOn: ['summary'],
    }),
    count: Flags.boolean({ description: 'print their number alone', exclusive: ['follow', 'json'] }),
    follow: Flags.boolean({
      description: 'print those that come (+) and go (-), until a signal',
    }),
    interval: secondsFlag({
      least: 0.1,
      description: 'with --follow: look this often; default 2',
      dependsOn: ['follow'],
    }),
    json: Flags.boolean({ description: 'a JSON object a line' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Connections);
    const query: ConnectionQuery = {
      clients: flags.client ?? [],
      services: flags.service ?? [],
      servers: flags.server ?? [],
      states: flags.state ?? [],
      protocols: flags.protocol ?? [],
      expiresFrom: (flags['expires-from'] ?? 0) / 1000,
      expiresTo: (flags['expires-to'] ?? Number.POSITIVE_INFINITY) / 1000,
    };
    const { output } = this.context;
    if (flags.count || flags.summary) {
      const by = flags.summary ?? 'state';
      const counts = connectionCounts(by);
      for (const connection of this.asked(query, counts.addUsual)) counts.add(connection);
      const write = flags.json ? countJson : countLines;
      output.write(flags.count ? `${counts.total}\n` : write(counts, flags.top ?? 20, by));
    } else {
      const line = flags.json ? jsonLine() : (one: Connection) => formatConnection(one, false, undefined);
      if (flags.follow) await this.follow(query, flags.interval ?? 2000, line);
      else {
        if (!flags.json) output.write(formatConnectionTitles(false));
        for (const connection of this.asked(query)) output.write(line(connection));
      }
    }
  }

  /** The connections that are asked for, but for usual lines, if there is a visitor for those. */
  private *asked(query: ConnectionQuery, visit?: (line: UsualConnection) => void): Generator<Connection> {
    for (const connection of connectionsOf(this.context.system, () => {}, scanner(query, visit))) {
      if (isAsked(query, connection)) yield connection;
    }
  }

  private async follow(
    query: ConnectionQuery,
    interval: number,
    line: (connection: Connection) => string,
  ): Promise<void> {
    const { output, system } = this.context;
    let known: Map<string, Connection> | undefined;
    this.context.status = await system.interruptible(async (sleep) => {
      for (;;) {
        const seen = new Map<string, Connection>();
        for (const connection of this.asked(query)) seen.set(identity(connection), connection);
        for (const [key, connection] of known ?? [])
          if (!seen.has(key)) output.write(changed('-', line(connection)));
        for (const [key, connection] of seen)
          if (known && !known.has(key)) output.write(changed('+', line(connection)));
        output.flush();
        known = seen;
        const signal = await sleep(interval);
        if (signal) return exitStatus.signalled + interruptions[signal];
      }
    });
  }
}

/** A line of a connection that came or went. */
function changed(sign: '+' | '-', line: string): string {
  return line.startsWith('{') ? line.replace('{', `{"change":"${sign}",`) : `${sign} ${line}`;
}

/** What stays the same of a connection. */
function identity({ protocol, client, virtual, destination }: Connection): string {
  const ends = [client, virtual, destination].map(({ address, port }) => `${address.join('.')}:${port}`);
  return [protocol, ...ends].join(' ');
}

function jsonLine(): (connection: Connection) => string {
  const { writeConnection } = require('../state/document/write') as typeof import('../state/document/write');
  return writeConnection;
}

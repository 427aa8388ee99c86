/** The tables of `list --pretty` and of its neighbours. A separate bundle, loaded on demand. */
import { Chalk } from 'chalk';
import { bytesFromUnicode, unicodeFromBytes } from '../bytes/unicode';
import { visibleUnicodeWord } from '../bytes/visible';
import { AF_INET, formatIpv4, ipv4FromWord } from '../model/address';
import { serviceFlagNames } from '../model/flag-names';
import type { ListedServer } from '../model/real-server';
import { heldShares, shares } from '../model/share';
import { noStatistics, type Statistics } from '../model/statistics';
import { hostNetmask, type ListedService, serviceFlags, UNKNOWN_TIMEOUT } from '../model/virtual-service';
import { displayWidth } from './box';
import { formatEndpoint, formatServiceName } from './endpoint';
import { titled } from './given-names';
import type { PrettyColumn, PrettyRow } from './pretty-columns';
import type { PrettyOptions } from './pretty-options';
import { formatPlainTable, formatTable, inverse } from './pretty-table';

export type { PrettyOptions };

/** A service, and what is to be listed of it. */
export interface PrettyService {
  readonly service: ListedService;
  /** The real servers that are listed. */
  readonly servers: readonly ListedServer[];
  /** All real servers, which share the traffic. */
  readonly all: readonly ListedServer[];
}

/** The heading of a service, and the table of its real servers. @throws NameNeeded. */
export function formatPrettyService(listed: PrettyService, options: PrettyOptions): string {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const { service } = listed;
  const name = nameOf(service, options);
  const described = [`scheduler ${service.scheduler}`, ...flagsOf(service), ...persistenceOf(service)]
    .map(visibleText)
    .join('  ');
  const marked = options.changes?.isNew(name, described) ? inverse(described) : described;
  const comment = commentOf(options.given?.serviceComment(service.key)) ?? '';
  const isShort = displayWidth([name, comment, described].join('  ')) <= (options.width ?? Infinity);
  const shown = comment !== '' && isShort ? [chalk.dim(comment)] : [];
  const heading = [chalk.bold(name), ...shown, marked].join('  ');
  return bytesFromUnicode(`${heading}\n${serversOf(listed, options, chalk)}\n`);
}

/** Everything that is known of a service, line by line, and the table of its real servers. */
export function formatServiceDetail(listed: PrettyService, options: PrettyOptions): string {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const { service, all } = listed;
  const sum = (of: (server: ListedServer) => number) => all.reduce((total, server) => total + of(server), 0);
  const weighted = all.filter(({ weight }) => weight !== 0).length;
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['scheduler', [service.scheduler]],
    ['flags', flagsOf(service)],
    ['persistence', persistenceOf(service)],
    ['real servers', [`${all.length}, ${weighted} of them with a weight`]],
    [
      'connections',
      [
        `${sum(({ activeConnections }) => activeConnections)} active`,
        `${sum(({ inactiveConnections }) => inactiveConnections)} inactive`,
        // What lacks the counters lacks these, too.
        service.statistics
          ? `${sum(({ persistentConnections }) => persistentConnections)} persistent`
          : 'persistent unknown',
      ],
    ],
    ['since the last reset', service.statistics ? totalsOf(service.statistics) : ['unknown']],
    ['a second', service.statistics ? ratesOf(service.statistics) : ['unknown']],
  ];
  const comment = commentOf(options.given?.serviceComment(service.key));
  const lines = [
    ...(comment === undefined ? [] : [factLine('comment', comment)]),
    ...facts.map(([title, texts]) => factLine(title, texts.map(visibleText).join(', ') || 'none')),
  ];
  const heading = [chalk.bold(nameOf(service, options)), ...lines].join('\n');
  return bytesFromUnicode(`${heading}\n${serversOf(listed, options, chalk, true)}\n`);
}

/** Real servers of any service, each with its service. @param boxed with borders and colours. */
export function formatServers(
  entries: readonly { readonly listed: PrettyService; readonly server: ListedServer }[],
  options: PrettyOptions,
  boxed: boolean,
): string {
  const rowsOfServices = new Map<PrettyService, Map<ListedServer, PrettyRow>>();
  const rows = entries.map(({ listed, server }) => {
    const known = rowsOfServices.get(listed) ?? rowsOf(listed, options, { heading: true, commented: true });
    rowsOfServices.set(listed, known);
    return known.get(server)!;
  });
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  return bytesFromUnicode(`${boxed ? formatTable(rows, options, chalk) : formatPlainTable(rows, options)}\n`);
}

function nameOf({ key }: ListedService, { names, given }: PrettyOptions): string {
  return titled(given?.service(key), visibleText(formatServiceName(key, names)));
}

function commentOf(comment: string | undefined): string | undefined {
  return comment === undefined ? undefined : visibleUnicodeWord(comment);
}

function factLine(title: string, text: string): string {
  return `  ${title.padEnd(22)}${text}`;
}

function flagsOf({ flags, scheduler }: ListedService): readonly string[] {
  return serviceFlagNames(flags, scheduler);
}

function persistenceOf({ key, flags, timeout, netmask, persistenceEngine }: ListedService): string[] {
  const texts: string[] = [];
  if (flags & serviceFlags.persistent) {
    texts.push(`persistent ${timeout === UNKNOWN_TIMEOUT ? '?' : timeout} s`);
    if (netmask !== hostNetmask(key.family)) {
      texts.push(
        key.family === AF_INET ? `netmask ${formatIpv4(ipv4FromWord(netmask))}` : `netmask /${netmask}`,
      );
    }
  }
  if (persistenceEngine !== '') texts.push(`engine ${persistenceEngine}`);
  return texts;
}

function visibleText(text: string): string {
  return visibleUnicodeWord(unicodeFromBytes(text));
}

function totalsOf({ connections, inPackets, outPackets, inBytes, outBytes }: Statistics): string[] {
  return [
    `${connections} connections`,
    `${inPackets} packets in`,
    `${outPackets} out`,
    `${inBytes} bytes in`,
    `${outBytes} out`,
  ];
}

function ratesOf(statistics: Statistics): string[] {
  const { connectionRate, inPacketRate, outPacketRate, inByteRate, outByteRate } = statistics;
  return totalsOf({
    ...statistics,
    connections: connectionRate,
    inPackets: inPacketRate,
    outPackets: outPacketRate,
    inBytes: inByteRate,
    outBytes: outByteRate,
  });
}

/** @param detailed whether the table shows the share of the connections that each server has, and comments. */
function serversOf(
  listed: PrettyService,
  options: PrettyOptions,
  chalk: InstanceType<typeof Chalk>,
  detailed = false,
): string {
  if (listed.servers.length === 0) return chalk.dim('  no real servers');
  const statistics = listed.service.statistics ?? noStatistics;
  const total = (column: PrettyColumn) => column.total?.(statistics, options.exact) ?? '';
  const rows = rowsOf(listed, options, { held: detailed, commented: detailed });
  return formatTable([...rows.values()], options, chalk, total);
}

/** The rows of the real servers that are listed. */
function rowsOf(
  { service, servers, all }: PrettyService,
  options: PrettyOptions,
  {
    held = false,
    heading = false,
    commented = false,
  }: Partial<Record<'held' | 'heading' | 'commented', boolean>>,
): Map<ListedServer, PrettyRow> {
  const parts = shares(service.scheduler, all);
  const parted = heldShares(all);
  const placeOf = new Map(all.map((server, index) => [server, index]));
  const protocol = service.key.kind === 'address' ? service.key.protocol : 0;
  const name = nameOf(service, options);
  return new Map(
    servers.map((server) => {
      const place = placeOf.get(server)!;
      const row: PrettyRow = {
        service: name,
        heading,
        endpoint: titled(
          options.given?.server(service.key, server),
          visibleText(formatEndpoint(server, protocol, options.names)),
        ),
        comment: commented ? commentOf(options.given?.serverComment(service.key, server)) : undefined,
        server,
        share: parts[place]!,
        held: held ? parted[place]! : undefined,
      };
      return [server, row];
    }),
  );
}

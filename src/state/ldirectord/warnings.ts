/** What of an ldirectord.cf is not in the table that ldirectord makes of it. */
import type { Diagnostics } from '../source/collect';
import { isChecked } from './checks';
import type { Setting } from './lines';
import type { Server } from './real-servers';
import { type Entry, effectivePort, keyOf, type Started } from './start';

/** @param settings the lines that are not heads of sections. */
export function warnOfDifferences(
  started: readonly Started[],
  settings: readonly Setting[],
  diagnostics: Diagnostics,
): void {
  const used = new Set<number>();
  for (const each of started) {
    const { service, table } = each;
    for (const { server } of table.values()) used.add(server.line.where.offset);
    if (each.fallback && isChecked(each)) used.add(each.fallback.line.where.offset);
    if (!service.added) continue;
    const off = service.off && service.words.get('checktype');
    if (off && service.servers.length > 0 && !each.quiescent)
      diagnostics.warn(
        off,
        "the real servers are ignored: with 'checktype = off' ldirectord does not add them to the table",
        "'checktype = on' adds them all",
      );
    else for (const server of service.servers) warnOfServer(each, server, diagnostics);
  }
  for (const { name, value } of settings)
    if (/^fallback6?$/.test(name.text) && !used.has(value.offset))
      diagnostics.note(
        name,
        `'${name.text}' is ignored: the fallback server is in the table only while the real servers are down`,
      );
}

function warnOfServer({ service, table, fallback }: Started, server: Server, diagnostics: Diagnostics): void {
  const { line, address } = server;
  if (server.refused !== undefined) {
    diagnostics.warn(line.where, `ldirectord fails to add this real server: ${server.refused}`);
    return;
  }
  const port = effectivePort(service, server);
  if (line.port && Number(server.port) !== port)
    diagnostics.warn(
      line.port,
      `port ${port} is used instead of ${server.port}`,
      'only masq can change the port',
    );
  const entry = table.get(keyOf(address, port));
  const change = entry ? changeOf(entry, server) : removed(fallback);
  if (change) diagnostics.warn(line.where, change.message, change.hint);
}

interface Change {
  readonly message: string;
  readonly hint: string;
}

function removed(fallback: Server | undefined): Change {
  return {
    message:
      'ldirectord removes this real server together with the fallback server, which has the same address',
    hint: `another fallback server than ${fallback?.address}`,
  };
}

function changeOf(entry: Entry, server: Server): Change | undefined {
  if (entry.server.id !== server.id)
    return {
      message: 'ldirectord uses another line for this real server, which is given more than once',
      hint: 'one line for each address and port',
    };
  if (entry.weight !== server.weight)
    return {
      message: `ldirectord leaves this real server at weight ${entry.weight} (quiescent), and never finds it again`,
      hint: "the port of the virtual service, and 'checktype = on'",
    };
  if (entry.lower !== server.lower || entry.upper !== server.upper)
    return {
      message: 'ldirectord uses the thresholds of the same real server in another place',
      hint: 'the same thresholds in every service, or another weight or virtualhost',
    };
  return undefined;
}

/** Services that ldirectord has started, as parts of a state document. */
import { serviceObject } from '../document/to-object';
import { listNode, objectNode, scalarNode } from '../source/build-tree';
import type { Diagnostics, Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import { type CheckMaker, isChecked, noteUnchecked } from './checks';
import { forwardingNames } from './real-servers';
import type { Service } from './services';
import { type Entry, effectivePort, keyOf, type Started } from './start';

/** Returns the service of a section that ldirectord adds. */
export function serviceNode(started: Started, checks: CheckMaker, diagnostics: Diagnostics): SourceNode {
  const { service, table } = started;
  const { head } = service;
  const checked = isChecked(started);
  noteUnchecked(service, diagnostics);
  const servers = Array.from(table.values(), (entry) =>
    serverNode(entry, checked && entry.server !== started.fallback ? checks(service, entry) : undefined),
  );
  return objectNode(
    {
      ...serviceFields(service),
      ...(checked ? policyFields(started, diagnostics) : {}),
      servers: listNode(servers, head.value),
    },
    head.value,
  );
}

/** All that differs from our defaults is written out: ldirectord's quiescent is no. */
function policyFields(started: Started, diagnostics: Diagnostics): Record<string, SourceNode | undefined> {
  const { service, quiescent } = started;
  const place = service.words.get('quiescent') ?? service.head.value;
  const sorry = sorryNode(started, diagnostics);
  return {
    onFail: scalarNode(quiescent ? 'weight0' : 'remove', place),
    whenAllDown: scalarNode(sorry ? 'sorry' : 'drop', place),
    sorry,
  };
}

/** The fallback server, unless it is in the table already. */
function sorryNode({ service, fallback, table }: Started, diagnostics: Diagnostics): SourceNode | undefined {
  if (!fallback) return undefined;
  const { line, address, forwarding } = fallback;
  const port = effectivePort(service, fallback);
  if (fallback.refused !== undefined) return undefined;
  if (service.servers.some((one) => one.address === address && effectivePort(service, one) === port)) {
    diagnostics.warn(line.where, 'the fallback server is left out: it is one of the real servers');
    return undefined;
  }
  if (table.has(keyOf(address, port))) return undefined;
  return objectNode(
    {
      address: scalarNode(address, line.host),
      port: scalarNode(port, line.port ?? line.host),
      forwarding: scalarNode(forwardingNames[forwarding], line.forwarding),
    },
    line.where,
  );
}

/** The directives that the fields of a service come from. */
const directives: Readonly<Record<string, readonly string[]>> = {
  protocol: ['protocol'],
  scheduler: ['scheduler'],
  flags: ['schedflags', 'ops'],
  persistence: ['persistent'],
  'persistence.netmask': ['netmask'],
};

function serviceFields({ head, words, target, added }: Service): Record<string, SourceNode> {
  const places: Record<string, Word> = {
    address: target.head.host,
    port: target.head.port,
    family: head.name,
    scheduler: head.name,
  };
  const placeOf = (path: string) =>
    directives[path]?.map((name) => words.get(name)).find((word) => word) ?? places[path];
  const nodeOf = (value: unknown, place: Word, path: string): SourceNode => {
    if (Array.isArray(value))
      return listNode(
        value.map((item) => scalarNode(item, place)),
        place,
      );
    if (typeof value !== 'object' || value === null) return scalarNode(value, place);
    const fields = Object.entries(value).map(([name, inner]) => {
      const own = path === '' ? name : `${path}.${name}`;
      return [name, nodeOf(inner, placeOf(own) ?? place, own)] as const;
    });
    return objectNode(Object.fromEntries(fields), place);
  };
  const fields = Object.entries(serviceObject(added!));
  return Object.fromEntries(
    fields.map(([name, value]) => [name, nodeOf(value, placeOf(name) ?? head.value, name)]),
  );
}

/** What is not given is left out. */
function serverNode(
  { address, port, forwarding, weight, lower, upper, server }: Entry,
  check: SourceNode | undefined,
): SourceNode {
  const { where, host, port: portWord, forwarding: method, options } = server.line;
  return objectNode(
    {
      address: scalarNode(address, host),
      port: scalarNode(port, portWord ?? host),
      forwarding: scalarNode(forwardingNames[forwarding], method),
      weight: weight === 1 ? undefined : scalarNode(weight, options.weight ?? where),
      lowerThreshold: lower === 0 ? undefined : scalarNode(lower, options.lower ?? where),
      upperThreshold: upper === 0 ? undefined : scalarNode(upper, options.upper ?? where),
      check,
    },
    where,
  );
}

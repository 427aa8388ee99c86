/** The services of keepalived as the part of a state document. */
import { serviceFlagNames } from '../../model/flag-names';
import { serviceFlags } from '../../model/virtual-service';
import { listNode, type MaybeNode, objectNode, scalarNode, someItems } from '../source/build-tree';
import type { Diagnostics } from '../source/collect';
import type { SourceNode } from '../source/tree';
import { type CheckContext, checkNodes } from './checker-nodes';
import { forwardingNames } from './forwarding';
import type { Given, VirtualServer } from './model';
import { addressText, isChecked, policyFields } from './policies';
import type { Key } from './service-key';
import type { Service, ServiceServer } from './table';

/** The servers of a group's services are the same: their nodes are made once for each port. */
type Nodes = Map<unknown, Map<string, SourceNode>>;

export function serviceNodes(services: readonly Service[], context: CheckContext): SourceNode[] {
  const nodes: Nodes = new Map();
  return services.map((service) => {
    const { owner, key, servers } = service;
    return objectNode(
      {
        ...keyFields(key, owner),
        scheduler: owner.scheduler && scalarNode(owner.scheduler.text, owner.scheduler),
        flags: flagNodes(owner),
        persistence: persistenceNode(owner, context.diagnostics),
        ...(isChecked(owner) ? policyFields(service, context.diagnostics) : {}),
        servers: listNode(
          Array.from(servers.values(), (server) => serverNode(server, nodes, owner, context)),
          key.word,
        ),
      },
      key.word,
    );
  });
}

/** Whether a document of version 2 is needed. */
export function hasChecks(services: readonly Service[]): boolean {
  return services.some(({ owner, servers }) => {
    if (isChecked(owner)) return true;
    for (const { server } of servers.values()) if (server.checkers) return true;
    return false;
  });
}

function keyFields(key: Key, { protocol, family }: VirtualServer): Record<string, MaybeNode> {
  if (key.kind === 'address') {
    return {
      protocol: scalarNode(key.protocol, protocol?.word ?? key.word),
      address: scalarNode(key.address, key.word),
      port: scalarNode(key.port, key.portWord),
    };
  }
  return {
    fwmark: scalarNode(key.mark, key.word),
    family: scalarNode(key.family, family?.word ?? key.word),
  };
}

function flagNodes({ flags, onePacket, scheduler }: VirtualServer): MaybeNode {
  const words = new Map(flags);
  if (onePacket) words.set(serviceFlags.onePacket, onePacket);
  return someItems(
    Array.from(words, ([bit, word]) => scalarNode(serviceFlagNames(bit, scheduler?.text ?? '')[0]!, word)),
  );
}

/** A timeout, a netmask or port 0 makes a service persistent; an engine alone does not. */
function persistenceNode(owner: VirtualServer, diagnostics: Diagnostics): MaybeNode {
  const { timeout, netmask, engine, target } = owner;
  if (!timeout) {
    if (engine)
      diagnostics.warn(engine.word, "keepalived ignores 'persistence_engine': the service is not persistent");
    return undefined;
  }
  const grouped = target.kind === 'group';
  if (grouped && netmask)
    diagnostics.warn(netmask.word, "keepalived ignores 'persistence_granularity' of a group");
  return objectNode(
    {
      timeout: given(timeout),
      netmask: grouped ? undefined : netmask && given(netmask),
      engine: engine && given(engine),
    },
    timeout.word,
  );
}

function given({ value, word }: Given<unknown>): SourceNode {
  return scalarNode(value, word);
}

function serverNode(
  { server, port, weight }: ServiceServer,
  nodes: Nodes,
  owner: VirtualServer,
  context: CheckContext,
): SourceNode {
  const made = nodes.get(server) ?? new Map<string, SourceNode>();
  const name = `${port} ${weight}`;
  const former = made.get(name);
  if (former) return former;
  const { endpoint, forwarding, tunnel, upper, lower } = server;
  const fields: Record<string, MaybeNode> = {
    address: scalarNode(addressText(server), endpoint.word),
    port: scalarNode(port, endpoint.portWord),
    forwarding: scalarNode(forwardingNames[forwarding!.method], forwarding!.word),
    weight: weight === undefined ? undefined : scalarNode(weight, server.weight?.word ?? endpoint.word),
    upperThreshold: upper && given(upper),
    lowerThreshold: lower && given(lower),
    tunnel: forwarding!.method === 'TUN' ? tunnel?.node : undefined,
  };
  if (server.checkers) fields.check = checkNodes(server, port, owner, context);
  const node = objectNode(fields, endpoint.word);
  made.set(name, node);
  nodes.set(server, made);
  return node;
}

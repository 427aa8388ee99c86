/** real_server blocks and sorry servers of keepalived.conf(5). */
import { type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import { argumentsOf, eachStatement } from './each-statement';
import { defaultMethod, type Forwarding, forwardingNames, forwardingOf } from './forwarding';
import { realServerWords } from './keywords';
import type { Statement } from './statements';

export interface ServerBlock {
  readonly address: Word;
  readonly port?: Word | undefined;
  readonly forwarding?: Forwarding | undefined;
  readonly fields: Readonly<Record<string, MaybeNode>>;
}

const numbers: Readonly<Record<string, string>> = {
  weight: 'weight',
  uthreshold: 'upperThreshold',
  lthreshold: 'lowerThreshold',
};

export function realServerOf(statement: Statement, told: Diagnostics): ServerBlock | undefined {
  const [address, port] = argumentsOf(statement, 1, 2, told) ?? [];
  if (!address) return undefined;
  const fields: Record<string, MaybeNode> = {};
  let forwarding: Forwarding | undefined;
  if (!statement.block) told.error(address, 'the block of this real_server is missing');
  eachStatement(statement.block ?? [], realServerWords, 'in a real_server block', told, (keyword, inner) => {
    if (keyword === 'lvs_method') {
      forwarding = forwardingOf(inner, told);
      return;
    }
    const [value] = argumentsOf(inner, 1, 1, told) ?? [];
    const number = value && numberOf(value, told);
    if (number !== undefined) fields[numbers[keyword]!] = scalarNode(number, value!);
  });
  return { address, port, forwarding, fields };
}

/** What decides about a real server beside its own block. */
export interface ServiceOfServer {
  /** The service's port, which counts where packets keep it; 0 of a firewall mark. */
  readonly port: number;
  /** The port of a real server that NAT reaches and that names none. */
  readonly natPort: number;
  readonly forwarding: Forwarding | undefined;
}

/** A real server as a part of a state document. */
export function serverNode(server: ServerBlock, service: ServiceOfServer, told: Diagnostics): SourceNode {
  const { address } = server;
  const { method, forwarding, tunnel } = server.forwarding ??
    service.forwarding ?? { method: defaultMethod, forwarding: undefined, tunnel: undefined };
  return objectNode(
    {
      address: scalarNode(address.text, address),
      port: portNode(server, method, service, told),
      forwarding: forwarding ?? scalarNode(forwardingNames[defaultMethod], address),
      ...server.fields,
      tunnel,
    },
    address,
  );
}

/** Only NAT changes the port. A port of 0 is none. */
function portNode(
  { address, port }: ServerBlock,
  method: Forwarding['method'],
  service: ServiceOfServer,
  told: Diagnostics,
): SourceNode {
  const own = port && (numberOf(port, told) || undefined);
  if (method === 'NAT') return scalarNode(own ?? service.natPort, port ?? address);
  if (own !== undefined && own !== service.port) {
    told.warn(port!, `keepalived takes port ${service.port} in place of ${own}`, 'only NAT changes the port');
  }
  return scalarNode(service.port, port ?? address);
}

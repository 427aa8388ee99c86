/** real_server blocks and sorry servers of keepalived.conf(5). */
import { type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import { argumentsOf, eachStatement } from './each-statement';
import { defaultMethod, type Forwarding, forwardingNames, forwardingOf } from './forwarding';
import { realServerKeywords } from './keywords';
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

export function realServerOf(statement: Statement, diagnostics: Diagnostics): ServerBlock | undefined {
  const [address, port] = argumentsOf(statement, 1, 2, diagnostics) ?? [];
  if (!address) return undefined;
  const fields: Record<string, MaybeNode> = {};
  let forwarding: Forwarding | undefined;
  if (!statement.block) diagnostics.error(address, "'real_server' requires a block");
  eachStatement(
    statement.block ?? [],
    realServerKeywords,
    'in a real_server block',
    diagnostics,
    (keyword, inner) => {
      if (keyword === 'lvs_method') {
        forwarding = forwardingOf(inner, diagnostics);
        return;
      }
      const [value] = argumentsOf(inner, 1, 1, diagnostics) ?? [];
      const number = value && numberOf(value, diagnostics);
      if (number !== undefined) fields[numbers[keyword]!] = scalarNode(number, value!);
    },
  );
  return { address, port, forwarding, fields };
}

/** The settings of the virtual server that affect its real servers. */
export interface ServiceOfServer {
  /**
   * The service's port, used by DR and TUN, which keep the port of a packet; 0 for a firewall mark.
   */
  readonly port: number;
  /** The port of a NAT real server that gives none. */
  readonly natPort: number;
  readonly forwarding: Forwarding | undefined;
}

/** Returns a real server of the state document. */
export function serverNode(
  server: ServerBlock,
  service: ServiceOfServer,
  diagnostics: Diagnostics,
): SourceNode {
  const { address } = server;
  const { method, forwarding, tunnel } = server.forwarding ??
    service.forwarding ?? { method: defaultMethod, forwarding: undefined, tunnel: undefined };
  return objectNode(
    {
      address: scalarNode(address.text, address),
      port: portNode(server, method, service, diagnostics),
      forwarding: forwarding ?? scalarNode(forwardingNames[defaultMethod], address),
      ...server.fields,
      tunnel,
    },
    address,
  );
}

/** Only NAT changes the port. Port 0 counts as not given. */
function portNode(
  { address, port }: ServerBlock,
  method: Forwarding['method'],
  service: ServiceOfServer,
  diagnostics: Diagnostics,
): SourceNode {
  const own = port && (numberOf(port, diagnostics) || undefined);
  if (method === 'NAT') return scalarNode(own ?? service.natPort, port ?? address);
  if (own !== undefined && own !== service.port) {
    diagnostics.warn(
      port!,
      `keepalived uses port ${service.port} instead of ${own}`,
      'only NAT can change the port',
    );
  }
  return scalarNode(service.port, port ?? address);
}

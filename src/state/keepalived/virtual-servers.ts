/** Converts virtual_server blocks of keepalived.conf(5) to services of a state document. */
import { parseAddress } from '../../model/address';
import { defaults, isWithin, limits } from '../../model/limits';
import { schedulerOfFlag } from '../../model/scheduler-flags';
import { listNode, type MaybeNode, objectNode, scalarNode, someItems } from '../source/build-tree';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import type { Target } from './addresses';
import { argumentsOf, eachStatement } from './each-statement';
import { type Forwarding, forwardingOf } from './forwarding';
import { schedulers, virtualServerKeywords } from './keywords';
import { realServerOf, type ServerBlock, serverNode } from './real-servers';
import type { Statement } from './statements';

interface Block {
  readonly servers: ServerBlock[];
  readonly flags: Word[];
  readonly words: Map<string, Word>;
  forwarding?: Forwarding | undefined;
  /** The keyword that makes the service persistent. */
  persistent?: Word | undefined;
  timeout?: MaybeNode;
  sorry?: ServerBlock | undefined;
  sorryInhibit?: Word | undefined;
}

/** Returns the services of a block: one for each address or firewall mark. */
export function serviceNodes(
  statement: Statement,
  targets: readonly Target[],
  diagnostics: Diagnostics,
): SourceNode[] {
  const block = readBlock(statement, diagnostics);
  if (block.servers.length === 0) {
    diagnostics.warn(
      statement.words[0],
      "'virtual_server' is ignored: keepalived skips virtual servers without real servers",
    );
    return [];
  }
  const forMarks = targets.some(({ kind }) => kind === 'fwmark');
  checkProtocol(block, statement, !forMarks && targets.length > 0, diagnostics);
  return targets.map((target) => serviceNode(block, target, diagnostics));
}

function readBlock(statement: Statement, diagnostics: Diagnostics): Block {
  const block: Block = { servers: [], flags: [], words: new Map() };
  if (!statement.block) diagnostics.error(statement.words[0], "'virtual_server' requires a block");
  eachStatement(
    statement.block ?? [],
    virtualServerKeywords,
    'in a virtual_server block',
    diagnostics,
    (keyword, inner) => (handlers[keyword] ?? readFlag)(block, inner, diagnostics),
  );
  return block;
}

type Handler = (block: Block, statement: Statement, diagnostics: Diagnostics) => void;

const handlers: Readonly<Record<string, Handler>> = {
  lvs_sched: readScheduler,
  lb_algo: readScheduler,
  lvs_method: readForwarding,
  lb_kind: readForwarding,
  protocol: readOneOf('protocol', ['tcp', 'udp', 'sctp']),
  ip_family: readOneOf('ip_family', ['inet', 'inet6']),
  persistence_engine: readArgument,
  persistence_granularity: (block, statement, diagnostics) => {
    readArgument(block, statement, diagnostics);
    block.persistent ??= statement.words[0];
  },
  persistence_timeout: readTimeout,
  real_server: (block, statement, diagnostics) => {
    const server = realServerOf(statement, diagnostics);
    if (server) block.servers.push(server);
  },
  sorry_server: (block, statement, diagnostics) => {
    const [address, port] = argumentsOf(statement, 1, 2, diagnostics) ?? [];
    if (address) block.sorry = { address, port, fields: {} };
  },
  sorry_server_inhibit: (block, { words: [word] }, diagnostics) => {
    if (block.sorry) block.sorryInhibit = word;
    else diagnostics.warn(word, `keepalived ignores '${word.text}': no sorry_server precedes it`);
  },
  sorry_server_lvs_method: (block, statement, diagnostics) => {
    const forwarding = forwardingOf(statement, diagnostics);
    if (block.sorry) block.sorry = { ...block.sorry, forwarding };
    else
      diagnostics.warn(
        statement.words[0],
        `keepalived ignores '${statement.words[0].text}': no sorry_server precedes it`,
      );
  },
};

function readScheduler(block: Block, statement: Statement, diagnostics: Diagnostics): void {
  const [name] = argumentsOf(statement, 1, 1, diagnostics) ?? [];
  if (!name) return;
  if (!schedulers.includes(name.text)) {
    diagnostics.error(
      name,
      `keepalived does not support the scheduler '${name.text}'`,
      `one of ${schedulers.join(', ')}`,
    );
  }
  block.words.set('scheduler', name);
}

function readForwarding(block: Block, statement: Statement, diagnostics: Diagnostics): void {
  block.forwarding = forwardingOf(statement, diagnostics) ?? block.forwarding;
}

function readArgument(block: Block, statement: Statement, diagnostics: Diagnostics): void {
  const [value] = argumentsOf(statement, 1, 1, diagnostics) ?? [];
  if (value) block.words.set(statement.words[0].text, value);
}

function readOneOf(keyword: string, known: readonly string[]): Handler {
  return (block, statement, diagnostics) => {
    const [value] = argumentsOf(statement, 1, 1, diagnostics) ?? [];
    if (!value) return;
    if (known.includes(value.text.toLowerCase())) block.words.set(keyword, value);
    else diagnostics.error(value, `unknown ${keyword} '${value.text}'`, `one of ${known.join(', ')}`);
  };
}

function readTimeout(block: Block, statement: Statement, diagnostics: Diagnostics): void {
  const [keyword] = statement.words;
  const [seconds] = argumentsOf(statement, 0, 1, diagnostics) ?? [];
  block.persistent = keyword;
  const number = seconds && numberOf(seconds, diagnostics);
  if (number === undefined) return;
  if (!isWithin(number, limits.persistenceTimeout)) {
    const { max } = limits.persistenceTimeout;
    diagnostics.error(seconds!, `'${keyword.text}' must be from 1 to ${max} seconds`);
  }
  block.timeout = scalarNode(number, seconds!);
}

/** The flags sh-*, mh-* only take effect after the lvs_sched of their scheduler. */
function readFlag(block: Block, { words: [flag] }: Statement, diagnostics: Diagnostics): void {
  const scheduler = schedulerOfFlag(flag.text);
  if (scheduler !== undefined && block.words.get('scheduler')?.text !== scheduler) {
    diagnostics.warn(flag, `keepalived ignores '${flag.text}': no 'lvs_sched ${scheduler}' precedes it`);
  } else block.flags.push(flag);
}

function checkProtocol(
  block: Block,
  statement: Statement,
  ofAddress: boolean,
  diagnostics: Diagnostics,
): void {
  const protocol = block.words.get('protocol');
  if (!ofAddress || protocol) return;
  diagnostics.warn(statement.words[0], "no 'protocol': keepalived uses UDP", "for TCP, add 'protocol TCP'");
}

function serviceNode(block: Block, target: Target, diagnostics: Diagnostics): SourceNode {
  const { words } = block;
  const key = keyFields(block, target, diagnostics);
  const scheduler = words.get('scheduler');
  const port = target.kind === 'address' ? target.port : 0;
  const natPort = target.kind === 'address' && !target.ofGroup ? port : 0;
  const { forwarding } = block;
  const servers = [
    ...block.servers.map((server) => serverNode(server, { port, natPort, forwarding }, diagnostics)),
    ...sorryServers(block, diagnostics).map((server) =>
      serverNode(server, { port, natPort: 0, forwarding }, diagnostics),
    ),
  ];
  return objectNode(
    {
      ...key,
      scheduler: scheduler && scalarNode(scheduler.text, scheduler),
      flags: flagNodes(block, target, diagnostics),
      persistence: persistenceNode(block, target, diagnostics),
      servers: listNode(servers, target.word),
    },
    target.word,
  );
}

function keyFields(
  { words, servers }: Block,
  target: Target,
  diagnostics: Diagnostics,
): Record<string, MaybeNode> {
  const protocol = words.get('protocol');
  if (target.kind === 'address') {
    return {
      protocol: scalarNode(protocol?.text.toLowerCase() ?? 'udp', protocol ?? target.word),
      address: scalarNode(target.text, target.word),
      port: scalarNode(target.port, target.portWord),
    };
  }
  if (protocol) diagnostics.warn(protocol, "keepalived ignores 'protocol': a firewall mark has none");
  const family = target.family ?? words.get('ip_family');
  const ipv6 = family
    ? family.text === 'inet6'
    : servers.every(({ address }) => parseAddress(address.text)?.length === 16);
  return {
    fwmark: scalarNode(target.mark, target.word),
    family: scalarNode(ipv6 ? 'ipv6' : 'ipv4', family ?? target.word),
  };
}

function flagNodes({ flags, words }: Block, target: Target, diagnostics: Diagnostics): MaybeNode {
  const nodes = flags.flatMap((flag): readonly SourceNode[] => {
    if (flag.text !== 'ops') return [scalarNode(flag.text, flag)];
    const protocol = words.get('protocol')?.text.toLowerCase();
    if (target.kind === 'fwmark' || protocol === undefined || protocol === 'udp')
      return [scalarNode('one-packet', flag)];
    diagnostics.warn(flag, "keepalived ignores 'ops': one-packet scheduling requires UDP");
    return [];
  });
  return someItems(nodes);
}

/** A timeout, a netmask or port 0 makes a service persistent; an engine alone does not. */
function persistenceNode(block: Block, target: Target, diagnostics: Diagnostics): MaybeNode {
  const engine = block.words.get('persistence_engine');
  const netmask = block.words.get('persistence_granularity');
  const allPorts = target.kind === 'address' && target.port === 0 ? target.portWord : undefined;
  const at = block.persistent ?? allPorts;
  if (!at) {
    if (engine)
      diagnostics.warn(engine, "keepalived ignores 'persistence_engine': the service is not persistent");
    return undefined;
  }
  const mask = netmask && (/^[0-9]{1,3}$/.test(netmask.text) ? Number(netmask.text) : netmask.text);
  return objectNode(
    {
      timeout: block.timeout ?? scalarNode(defaults.persistenceTimeout, at),
      netmask: netmask && scalarNode(mask, netmask),
      engine: engine && scalarNode(engine.text, engine),
    },
    at,
  );
}

/**
 * With sorry_server_inhibit, keepalived always keeps the sorry server in the table, with weight 0.
 */
function sorryServers({ sorry, sorryInhibit }: Block, diagnostics: Diagnostics): readonly ServerBlock[] {
  if (!sorry) return [];
  if (sorryInhibit) return [{ ...sorry, fields: { weight: scalarNode(0, sorryInhibit) } }];
  diagnostics.note(
    sorry.address,
    "'sorry_server' is ignored: it is in the table only while the real servers are down",
  );
  return [];
}

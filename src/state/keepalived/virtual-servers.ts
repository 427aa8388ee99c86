/** virtual_server blocks of keepalived.conf(5), as parts of a state document. */
import { parseAddress } from '../../model/address';
import { defaults, isWithin, limits } from '../../model/limits';
import { schedulerOfFlag } from '../../model/scheduler-flags';
import { listNode, type MaybeNode, objectNode, scalarNode, someItems } from '../source/build-tree';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import type { Target } from './addresses';
import { argumentsOf, eachStatement } from './each-statement';
import { type Forwarding, forwardingOf } from './forwarding';
import { schedulers, virtualServerWords } from './keywords';
import { realServerOf, type ServerBlock, serverNode } from './real-servers';
import type { Statement } from './statements';

interface Block {
  readonly servers: ServerBlock[];
  readonly flags: Word[];
  readonly words: Map<string, Word>;
  forwarding?: Forwarding | undefined;
  /** Where persistence is asked for. */
  persistent?: Word | undefined;
  timeout?: MaybeNode;
  sorry?: ServerBlock | undefined;
  sorryInhibit?: Word | undefined;
}

/** The services that a block makes: one for each address or mark. */
export function serviceNodes(
  statement: Statement,
  targets: readonly Target[],
  told: Diagnostics,
): SourceNode[] {
  const block = readBlock(statement, told);
  if (block.servers.length === 0) {
    told.warn(
      statement.words[0],
      'keepalived leaves out a virtual server without real servers: so it is here',
    );
    return [];
  }
  const forMarks = targets.some(({ kind }) => kind === 'fwmark');
  checkProtocol(block, statement, !forMarks && targets.length > 0, told);
  return targets.map((target) => serviceNode(block, target, told));
}

function readBlock(statement: Statement, told: Diagnostics): Block {
  const block: Block = { servers: [], flags: [], words: new Map() };
  if (!statement.block) told.error(statement.words[0], 'the block of this virtual_server is missing');
  eachStatement(
    statement.block ?? [],
    virtualServerWords,
    'in a virtual_server block',
    told,
    (keyword, inner) => (takers[keyword] ?? takeFlag)(block, inner, told),
  );
  return block;
}

type Taker = (block: Block, statement: Statement, told: Diagnostics) => void;

const takers: Readonly<Record<string, Taker>> = {
  lvs_sched: takeScheduler,
  lb_algo: takeScheduler,
  lvs_method: takeForwarding,
  lb_kind: takeForwarding,
  protocol: takeOneOf('protocol', ['tcp', 'udp', 'sctp']),
  ip_family: takeOneOf('ip_family', ['inet', 'inet6']),
  persistence_engine: takeWord,
  persistence_granularity: (block, statement, told) => {
    takeWord(block, statement, told);
    block.persistent ??= statement.words[0];
  },
  persistence_timeout: takeTimeout,
  real_server: (block, statement, told) => {
    const server = realServerOf(statement, told);
    if (server) block.servers.push(server);
  },
  sorry_server: (block, statement, told) => {
    const [address, port] = argumentsOf(statement, 1, 2, told) ?? [];
    if (address) block.sorry = { address, port, fields: {} };
  },
  sorry_server_inhibit: (block, { words: [word] }, told) => {
    if (block.sorry) block.sorryInhibit = word;
    else told.warn(word, 'keepalived takes no notice of this: no sorry_server stands before it');
  },
  sorry_server_lvs_method: (block, statement, told) => {
    const forwarding = forwardingOf(statement, told);
    if (block.sorry) block.sorry = { ...block.sorry, forwarding };
    else
      told.warn(statement.words[0], 'keepalived takes no notice of this: no sorry_server stands before it');
  },
};

function takeScheduler(block: Block, statement: Statement, told: Diagnostics): void {
  const [name] = argumentsOf(statement, 1, 1, told) ?? [];
  if (!name) return;
  if (!schedulers.includes(name.text)) {
    told.error(name, `keepalived knows no scheduler '${name.text}'`, `known: ${schedulers.join(', ')}`);
  }
  block.words.set('scheduler', name);
}

function takeForwarding(block: Block, statement: Statement, told: Diagnostics): void {
  block.forwarding = forwardingOf(statement, told) ?? block.forwarding;
}

function takeWord(block: Block, statement: Statement, told: Diagnostics): void {
  const [value] = argumentsOf(statement, 1, 1, told) ?? [];
  if (value) block.words.set(statement.words[0].text, value);
}

function takeOneOf(keyword: string, known: readonly string[]): Taker {
  return (block, statement, told) => {
    const [value] = argumentsOf(statement, 1, 1, told) ?? [];
    if (!value) return;
    if (known.includes(value.text.toLowerCase())) block.words.set(keyword, value);
    else told.error(value, `there is no ${keyword} '${value.text}'`, `known: ${known.join(', ')}`);
  };
}

function takeTimeout(block: Block, statement: Statement, told: Diagnostics): void {
  const [keyword] = statement.words;
  const [seconds] = argumentsOf(statement, 0, 1, told) ?? [];
  block.persistent = keyword;
  const number = seconds && numberOf(seconds, told);
  if (number === undefined) return;
  if (!isWithin(number, limits.persistenceTimeout)) {
    told.error(seconds!, `the timeout is from 1 to ${limits.persistenceTimeout.max} seconds`);
  }
  block.timeout = scalarNode(number, seconds!);
}

/** sh-port and its like count for their scheduler alone, and behind it. */
function takeFlag(block: Block, { words: [flag] }: Statement, told: Diagnostics): void {
  const scheduler = schedulerOfFlag(flag.text);
  if (scheduler !== undefined && block.words.get('scheduler')?.text !== scheduler) {
    told.warn(
      flag,
      `keepalived takes no notice of ${flag.text}: 'lvs_sched ${scheduler}' does not stand before it`,
    );
  } else block.flags.push(flag);
}

function checkProtocol(block: Block, statement: Statement, ofAddress: boolean, told: Diagnostics): void {
  const protocol = block.words.get('protocol');
  if (!ofAddress || protocol) return;
  told.warn(statement.words[0], "no 'protocol': keepalived takes UDP", "for TCP, add 'protocol TCP'");
}

function serviceNode(block: Block, target: Target, told: Diagnostics): SourceNode {
  const { words } = block;
  const key = keyFields(block, target, told);
  const scheduler = words.get('scheduler');
  const port = target.kind === 'address' ? target.port : 0;
  const natPort = target.kind === 'address' && !target.ofGroup ? port : 0;
  const { forwarding } = block;
  const servers = [
    ...block.servers.map((server) => serverNode(server, { port, natPort, forwarding }, told)),
    ...sorryServers(block, told).map((server) => serverNode(server, { port, natPort: 0, forwarding }, told)),
  ];
  return objectNode(
    {
      ...key,
      scheduler: scheduler && scalarNode(scheduler.text, scheduler),
      flags: flagNodes(block, target, told),
      persistence: persistenceNode(block, target, told),
      servers: listNode(servers, target.word),
    },
    target.word,
  );
}

function keyFields({ words, servers }: Block, target: Target, told: Diagnostics): Record<string, MaybeNode> {
  const protocol = words.get('protocol');
  if (target.kind === 'address') {
    return {
      protocol: scalarNode(protocol?.text.toLowerCase() ?? 'udp', protocol ?? target.word),
      address: scalarNode(target.text, target.word),
      port: scalarNode(target.port, target.portWord),
    };
  }
  if (protocol) told.warn(protocol, 'a firewall mark has no protocol: keepalived takes no notice of it');
  const family = target.family ?? words.get('ip_family');
  const ipv6 = family
    ? family.text === 'inet6'
    : servers.every(({ address }) => parseAddress(address.text)?.length === 16);
  return {
    fwmark: scalarNode(target.mark, target.word),
    family: scalarNode(ipv6 ? 'ipv6' : 'ipv4', family ?? target.word),
  };
}

function flagNodes({ flags, words }: Block, target: Target, told: Diagnostics): MaybeNode {
  const nodes = flags.flatMap((flag): readonly SourceNode[] => {
    if (flag.text !== 'ops') return [scalarNode(flag.text, flag)];
    const protocol = words.get('protocol')?.text.toLowerCase();
    if (target.kind === 'fwmark' || protocol === undefined || protocol === 'udp')
      return [scalarNode('one-packet', flag)];
    told.warn(flag, 'one-packet scheduling is for UDP: keepalived takes no notice of it');
    return [];
  });
  return someItems(nodes);
}

/** A timeout, a netmask or port 0 make a service persistent; an engine alone does not. */
function persistenceNode(block: Block, target: Target, told: Diagnostics): MaybeNode {
  const engine = block.words.get('persistence_engine');
  const netmask = block.words.get('persistence_granularity');
  const everyPort = target.kind === 'address' && target.port === 0 ? target.portWord : undefined;
  const at = block.persistent ?? everyPort;
  if (!at) {
    if (engine) told.warn(engine, 'keepalived takes no notice of it: the service is not persistent');
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

/** With sorry_server_inhibit it is there always, with weight 0; without it only while the others are down. */
function sorryServers({ sorry, sorryInhibit }: Block, told: Diagnostics): readonly ServerBlock[] {
  if (!sorry) return [];
  if (sorryInhibit) return [{ ...sorry, fields: { weight: scalarNode(0, sorryInhibit) } }];
  told.note(
    sorry.address,
    "'sorry_server' is left out: it is in the table only while the real servers are down",
  );
  return [];
}

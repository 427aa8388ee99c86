/** State documents as JSON and as YAML, with what YAML has besides: anchors, tags, block texts. */
import type { Random } from './random';
import { addressOf, anyNumber, anyPort, anyScheduler } from './words';

type Value = string | boolean | null | readonly Value[] | { [name: string]: Value };

/** A number, or another token that stands as it is. */
const raw = (text: string): Value => ({ '#': text });

const oddValues: readonly Value[] = [
  null,
  true,
  '',
  [],
  {},
  [[]],
  { a: null },
  raw('1e400'),
  raw('-0'),
  '\x1b[31m',
  [null],
];

export const jsonWords = [
  ...[
    'null',
    'true',
    '"services"',
    '"servers":[]',
    '"format"',
    '{}',
    '[]',
    ',',
    '"unknown":{"99":"00"}',
    '"statistics":{}',
    '1e999',
  ],
  ...[
    '"\\u001b[31m"',
    '"\\ud800"',
    '"__proto__":{}',
    '"port":80',
    '"weight":-1',
    '"\\u0000"',
    '/* c */',
    '// c\n',
    'NaN',
    "'x'",
  ],
];
export const yamlWords = [
  ...[
    '&a ',
    '*a',
    '*nosuch',
    '<<: *a',
    '!!binary x',
    '!!set {a}',
    '!!map ',
    '!x ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '%TAG ! x:\n',
    '|\n',
    '>-\n',
  ],
  ...[
    '? ',
    ': ',
    '- ',
    '~',
    'yes',
    'null',
    '0o17',
    '0x1F',
    '.inf',
    '.nan',
    '2001-01-01',
    '"\\e[31m"',
    '"\\x00"',
    "''",
    '{a: *a}',
    '[*a, *a]',
    '\t',
    '&a [*a]',
    '1:30',
  ],
];

function odd(random: Random, value: Value): Value {
  return random.oddly(20) ? random.pick(oddValues) : value;
}

function stateDocument(random: Random): Record<string, Value> {
  const document: Record<string, Value> = { format: 'ipvsadm-state', version: raw('1') };
  if (random.once(3))
    document.timeouts = { tcp: number(random), tcpFin: number(random), udp: number(random) };
  if (random.once(3)) document.daemons = random.list(0, 2, () => daemon(random));
  if (!random.once(12)) document.services = random.list(0, 5, (index) => odd(random, service(random, index)));
  if (random.once(20))
    document[random.pick(['service', 'x', '__proto__', 'kernel', ''])] = random.pick(oddValues);
  if (random.oddly(15)) document.version = number(random);
  return document;
}

const number = (random: Random) => odd(random, raw(anyNumber(random) || '0'));

function port(random: Random): Value {
  const text = anyPort(random);
  return /^[0-9]+$/.test(text) ? raw(text) : text;
}

function daemon(random: Random): Value {
  return {
    state: random.usual(['master', 'backup'], 'x'),
    interface: random.usual(['lo', 'eth0'], random.pick(['averyveryverylonginterface', 'a b', ''])),
    syncId: number(random),
    ...(random.once(3)
      ? { maxLength: number(random), group: '224.0.0.81', port: number(random), ttl: number(random) }
      : {}),
  };
}

function service(random: Random, index: number): Value {
  const key: Record<string, Value> = random.once(5)
    ? { fwmark: number(random), family: random.pick(['ipv4', 'ipv6']) }
    : {
        protocol: random.pick(['tcp', 'tcp', 'udp', 'sctp', raw('17')]),
        address: addressOf(index, random),
        port: port(random),
      };
  return {
    ...key,
    ...(random.once(2) ? { scheduler: odd(random, anyScheduler(random)) } : {}),
    ...(random.once(4) ? { flags: random.usual([['one-packet'], ['flag-1', 'flag-2'], []], ['x']) } : {}),
    ...(random.once(4) ? { persistence: persistence(random) } : {}),
    ...(random.once(20) ? { unknown: { '99': '0011' } } : {}),
    servers: random.list(0, 4, (index) => odd(random, server(random, index))),
  };
}

function persistence(random: Random): Value {
  return {
    ...(random.once(2) ? { timeout: number(random) } : {}),
    ...(random.once(3)
      ? { netmask: random.usual<Value>(['255.255.255.0', '255.0.255.0', raw('64'), raw('0')], 'x') }
      : {}),
    ...(random.once(4) ? { engine: random.pick(['sip', 'nosuch', '']) } : {}),
    ...(random.once(4) ? { enabled: random.once(2) } : {}),
  };
}

function server(random: Random, index: number): Value {
  return {
    address: addressOf(index, random),
    ...(random.once(2) ? { port: port(random) } : {}),
    ...(random.once(2)
      ? { forwarding: random.usual(['gatewaying', 'masquerading', 'tunneling'], 'bypass') }
      : {}),
    ...(random.once(2) ? { weight: number(random) } : {}),
    ...(random.once(5) ? { upperThreshold: number(random), lowerThreshold: number(random) } : {}),
    ...(random.once(9)
      ? { tunnel: { type: random.pick(['ipip', 'gue', 'gre']), port: number(random), flags: [] } }
      : {}),
    ...(random.once(15) ? { family: random.pick(['ipv4', 'ipv6']) } : {}),
  };
}

export function json(random: Random): string {
  const space = random.pick(['', ' ', '\n', '\t']);
  return written(stateDocument(random), space, (text) => text);
}

/** In the flow style, which is JSON's, or in lines; with anchors and aliases. */
export function yaml(random: Random): string {
  const value = stateDocument(random);
  if (random.once(3)) shareServers(value);
  const wrap = wrapping(random);
  if (random.once(5)) return written(value, random.pick(['', ' ', '\n']), wrap);
  return `${random.once(9) ? '%YAML 1.2\n---\n' : ''}${block(value, '', wrap, random).trimStart()}\n`;
}

/** The real servers of the first service are those of the others: honest use of an alias. */
function shareServers({ services }: Record<string, Value>): void {
  if (!Array.isArray(services)) return;
  for (const [index, entry] of services.entries()) {
    if (typeof entry !== 'object' || entry === null || !('servers' in entry)) return;
    entry.servers = raw(index === 0 ? `&shared ${written(entry.servers, '', (text) => text)}` : '*shared');
  }
}

/** Puts anchors and tags before values, and aliases in their place. */
function wrapping(random: Random): Wrap {
  const names: string[] = [];
  return (text) => {
    if (names.length > 0 && random.oddly(12)) return `*${random.pick(names)}`;
    if (random.oddly(20)) return `${random.pick(['!!str', '!!int', '!!map', '!x', '*nosuch'])} ${text}`;
    if (!random.oddly(12)) return text;
    names.push(`a${names.length}`);
    return `&${names.at(-1)} ${text}`;
  };
}

type Wrap = (text: string) => string;

function isRaw(value: Value): value is { readonly '#': string } {
  return typeof value === 'object' && value !== null && '#' in value;
}

function written(value: Value, space: string, wrap: Wrap): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isRaw(value)) return value['#'];
  if (Array.isArray(value)) {
    return `[${value.map((item: Value) => wrap(written(item, space, wrap))).join(`,${space}`)}]`;
  }
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}:${space}${wrap(written(field, space, wrap))}`,
  );
  return `{${space}${fields.join(`,${space}`)}${space}}`;
}

function block(value: Value, indent: string, wrap: Wrap, random: Random): string {
  if (typeof value === 'string')
    return random.pick([JSON.stringify(value), `'${value}'`, `|-\n${indent}  ${value}`]);
  if (typeof value !== 'object' || value === null) return random.pick([JSON.stringify(value), '~', '']);
  if (isRaw(value)) return value['#'];
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return value
      .map((item: Value) => `\n${indent}- ${wrap(block(item, inner, wrap, random).trimStart())}`)
      .join('');
  }
  const fields = Object.entries(value);
  if (fields.length === 0) return '{}';
  return fields
    .map(([name, field]) => `\n${indent}${name}: ${wrap(block(field, inner, wrap, random))}`)
    .join('');
}

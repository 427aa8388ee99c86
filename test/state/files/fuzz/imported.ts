/** keepalived.conf and ldirectord.cf: parts of the samples in test/state, and lines of the grammars. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from './random';
import { anyAddress, anyNumber, anyPort, anyScheduler } from './words';

/** The text of every file below test/state whose name ends with `ending`; the process runs in the root. */
function samples(ending: string, folder = 'test/state'): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return samples(ending, path);
      return name.endsWith(ending) ? [readFileSync(path, 'latin1')] : [];
    });
}

/** A few lines or blocks of a sample. */
function partOf(text: string, random: Random): string {
  const parts = text.split(/\n(?=\S)/);
  const from = random.below(parts.length);
  return `${parts.slice(from, from + 1 + random.below(6)).join('\n')}\n`;
}

const keepalivedSamples = samples('.conf');
const ldirectordSamples = samples('.cf');

export const keepalivedWords = [
  ...[
    'virtual_server ',
    'virtual_server_group ',
    'real_server ',
    'global_defs {',
    '}',
    '{',
    'lb_algo rr',
    'lb_kind DR',
    'protocol TCP\n',
  ],
  ...[
    'weight ',
    'sorry_server ',
    'quorum 3',
    'persistence_timeout 0',
    'persistence_granularity ',
    'include *.conf\n',
    'include document\n',
  ],
  ...[
    'include missing\n',
    'include /etc/fuzz/document\n',
    'includea x\n',
    '$A=$A$A\n',
    '${A}',
    '$A',
    '~SEQ(X, 1, 9) ',
    '~SEQ(X,1,99999999) ${X}\n',
    '~LST(A, 1, 2)',
  ],
  ...[
    '@host ',
    '@^host ',
    'fwmark 7',
    'ip_family inet6',
    'group g ',
    'lvs_sync_daemon lo inst 1',
    "'",
    '"',
    '\\\n',
    '!',
    '# ',
    'track_interface {',
    'alpha',
    'ops',
  ],
  ...[
    '2001:db8::1-ffff 80\n',
    '192.0.2.1-254 80\n',
    'sorry_server_inhibit\n',
    'HTTP_GET {',
    'script "a b"',
    'hysteresis',
    'uthreshold',
    'snmp_name x',
  ],
];

export function keepalived(random: Random): string {
  const made = random.list(0, 3, () =>
    random.once(3) ? partOf(random.pick(keepalivedSamples), random) : keepalivedBlock(random),
  );
  return made.join('\n');
}

function keepalivedBlock(random: Random): string {
  const number = () => anyNumber(random);
  const group = random.once(4);
  const server = () =>
    `  real_server ${anyAddress(random)} ${random.rarelyNone(5, anyPort(random))} {${random.pick([
      '',
      ` weight ${number()} `,
      `\n    uthreshold ${number()}\n    lthreshold ${number()}\n    inhibit_on_failure\n  `,
      '\n    lvs_method TUN type gue port 6080 nocsum\n  ',
      `\n    TCP_CHECK {\n      connect_port ${number()}\n    }\n  `,
    ])}}`;
  const head = group
    ? `virtual_server_group g {\n  ${anyAddress(random)} ${anyPort(random)}\n  192.0.2.${random.below(200)}-${random.below(255)} 80\n  fwmark ${number()}\n}\nvirtual_server group g {`
    : random.pick([
        `virtual_server ${anyAddress(random)} ${anyPort(random)} {`,
        `virtual_server fwmark ${number()} {`,
        `virtual_server ${anyAddress(random)}/24 ${anyPort(random)}\n{`,
      ]);
  const lines = random.list(0, 5, () =>
    random.pick([
      `  lb_algo ${anyScheduler(random)}`,
      `  lb_kind ${random.pick(['NAT', 'DR', 'TUN', 'dr', 'FNAT'])}`,
      `  protocol ${random.pick(['TCP', 'UDP', 'SCTP', 'tcp', 'X'])}`,
      `  persistence_timeout ${number()}`,
      `  persistence_granularity ${random.usual(['255.255.255.0', '64'], 'x')}`,
      `  weight ${number()}`,
      `  ip_family ${random.pick(['inet', 'inet6'])}`,
      `  sorry_server ${anyAddress(random)} ${anyPort(random)}`,
      `  quorum ${number()}\n  hysteresis ${number()}`,
      '  ops',
      '  alpha\n  omega\n  sorry_server_inhibit',
      `  delay_loop ${number()}`,
    ]),
  );
  return [head, ...lines, ...random.list(0, 4, server), '}', ''].join('\n');
}

export const ldirectordWords = [
  ...[
    'virtual=',
    'virtual6=',
    '\treal=',
    '\tfallback=',
    '\tscheduler=',
    '\tpersistent=',
    '\tnetmask=',
    '\tprotocol=tcp',
    ' gate',
    ' masq',
    ' ipip',
  ],
  ...[
    'checktype=off',
    'quiescent=yes',
    '->',
    '"',
    "'",
    '\\"',
    ' # ',
    'l:3',
    'u:9',
    'fwm',
    'supervised',
    '\tservice=http',
    'include=x',
    '\n\n',
    '  ',
    '=',
    '[',
    ']',
  ],
  ...[
    '192.0.2.1->192.0.2.254:80 gate',
    '2001:db8::1',
    ':80',
    '-w 5',
    'vip.test',
    '\tschedflags=sh-port',
    '\tops=yes',
    'autoreload=yes',
  ],
];

export function ldirectord(random: Random): string {
  const made = random.list(0, 3, () =>
    random.once(3) ? partOf(random.pick(ldirectordSamples), random) : ldirectordSection(random),
  );
  return made.join('\n');
}

function ldirectordSection(random: Random): string {
  const space = random.pick(['', ' ']);
  const is = `${space}=${space}`;
  const host = (address: string) => (address.includes(':') ? `[${address}]` : address);
  const endpoint = () => `${host(anyAddress(random))}${random.rarelyNone(6, `:${anyPort(random)}`)}`;
  const method = () =>
    random.pick([' gate', ' masq', ' ipip', ' gate 5', ' masq 0 u:9', ' gate -w 5', '', ' x']);
  const lines = [
    ...random.list(0, 4, () => `real${is}${endpoint()}${method()}`),
    ...random.list(0, 4, () =>
      random.pick([
        `scheduler${is}${anyScheduler(random)}`,
        `persistent${is}${random.pick(['600', '"600"', anyNumber(random)])}`,
        `netmask${is}${random.usual(['255.255.255.0', '64'], 'x')}`,
        `protocol${is}${random.usual(['tcp', 'udp', 'fwm'], 'x')}`,
        `fallback${is}${endpoint()}${method()}`,
        `checktype${is}${random.usual(['connect', 'off', 'on', 'negotiate', '3'], 'x')}`,
        `request${is}"index.html"`,
        `schedflags${is}sh-port,sh-fallback`,
        `ops${is}yes`,
        `quiescent${is}${random.usual(['yes', 'no'], 'x')}`,
      ]),
    ),
  ];
  const key = random.once(5) ? anyNumber(random) : endpoint();
  const head = `virtual${random.once(6) ? '6' : ''}${is}${key}`;
  return [random.once(4) ? `checktimeout${is}3` : '', head, ...lines.map((line) => `\t${line}`), ''].join(
    '\n',
  );
}

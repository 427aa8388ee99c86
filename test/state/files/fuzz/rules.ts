/** Rules: the lines that ipvsadm-save writes, and others that a restore takes. */
import type { Random } from './random';
import { addressOf, anyAddress, anyNumber, anyPort, anyScheduler } from './words';

export const ruleWords = [
  ...[
    '-A',
    '-E',
    '-D',
    '-a',
    '-e',
    '-d',
    '-C',
    '-Z',
    '-R',
    '-S',
    '-L',
    '-h',
    '-v',
    '--set',
    '--start-daemon',
    '--stop-daemon',
  ],
  ...[
    '-t',
    '-u',
    '--sctp-service',
    '-f',
    '-6',
    '-s',
    '-p',
    '-M',
    '-b',
    '-o',
    '-r',
    '-g',
    '-i',
    '-m',
    '-w',
    '-x',
    '-y',
    '--weight=3',
  ],
  ...[
    '--tun-type',
    'gue',
    'gre',
    'ipip',
    '--tun-port',
    '--tun-nocsum',
    '--tun-csum',
    '--tun-remcsum',
    '--sched-flags',
    '--pe',
    'sip',
  ],
  ...[
    'ipvsadm',
    '--',
    '-',
    '--numeric',
    '--add-server',
    '--mcast-interface',
    'eth0',
    '--syncid',
    'master',
    'backup',
    '--ops',
    '-Ln',
  ],
];

export function rules(random: Random): string {
  const services = random.list(1, 5, (index) => service(random, index));
  const lines = services.flatMap(({ name, added }) => [
    `-A ${name}${added}`,
    ...random.list(0, 4, (index) => `-a ${name} ${server(random, name, index)}`),
  ]);
  const others = random.list(0, random.pick([0, 0, 2]), () => other(random, random.pick(services).name));
  return `${[...lines, ...others].join('\n')}\n`;
}

function endpoint(random: Random, index: number): string {
  const address = random.once(5) ? anyAddress(random) : addressOf(index, random);
  const host = address.includes(':') && !random.once(20) ? `[${address}]` : address;
  return `${host}:${anyPort(random)}`;
}

function service(random: Random, index: number): { name: string; added: string } {
  const name = random.once(5)
    ? `-f ${1 + 9 * index + random.below(9)}${random.once(3) ? ' -6' : ''}`
    : `${random.pick(['-t', '-t', '-u', '--sctp-service'])} ${endpoint(random, index)}`;
  const added = [
    random.rarelyNone(4, ` -s ${anyScheduler(random)}`),
    random.once(3) ? ` -p${random.rarelyNone(4, ` ${anyNumber(random)}`)}` : '',
    random.once(9) ? ` -M ${random.usual(['255.255.255.0', '255.0.255.0', '64', '0.0.0.0'], 'x')}` : '',
    random.once(9)
      ? ` -b ${random.usual(['sh-port', 'mh-port,sh-fallback', 'flag-1,flag-3', ','], 'x')}`
      : '',
    random.once(9) ? ' --pe sip' : '',
    random.once(9) ? ' -o' : '',
  ];
  return { name, added: added.join('') };
}

function server(random: Random, name: string, index: number): string {
  const port = /:([0-9]+)$/.exec(name)?.[1] ?? '80';
  const address =
    name.includes('[') || name.includes('-6') ? `[2001:db8::${index + 2}]` : addressOf(index, random);
  return [
    `-r ${address}${random.rarelyNone(4, `:${random.once(9) ? anyPort(random) : port}`)}`,
    random.rarelyNone(
      5,
      ` ${random.pick(['-g', '-m', '-i', '-i --tun-type gue --tun-port 6080', '-i --tun-type gre --tun-csum'])}`,
    ),
    random.rarelyNone(3, ` -w ${anyNumber(random)}`),
    random.once(6) ? ` -x ${anyNumber(random)} -y ${anyNumber(random)}` : '',
  ].join('');
}

function other(random: Random, name: string): string {
  return random.pick([
    () => '-C',
    () => `-Z ${random.rarelyNone(2, name)}`,
    () => `-D ${name}`,
    () => `-E ${name} -s ${anyScheduler(random)}`,
    () => `-e ${name} ${server(random, name, 0)}`,
    () => `-d ${name} -r ${anyAddress(random)}`,
    () => `--set ${anyNumber(random)} ${anyNumber(random)} ${anyNumber(random)}`,
    () =>
      `--start-daemon ${random.usual(['master', 'backup'], 'x')} --mcast-interface lo --syncid ${anyNumber(random)}`,
    () => `--stop-daemon ${random.pick(['master', 'backup'])}`,
    () => `# ${random.pick(['a comment', '\xe9\xff', '\x1b[31m'])}`,
    () => random.list(1, 8, () => random.pick(ruleWords)).join(' '),
  ])();
}

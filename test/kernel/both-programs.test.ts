/**
 * Runs both programs as processes in the same guest and compares what a script sees, byte for byte.
 */

import { shellCommand } from '../lab';
import { connectLab } from '../lab/client';

const lab = connectLab();

/**
 * Sequences of command lines. Each sequence begins with an empty table, in a separate network
 * namespace for each program.
 */
const sequences: readonly (readonly [name: string, lines: readonly string[]])[] = [
  [
    'services of every protocol and family',
    [
      '-C',
      '-A -t 192.0.2.1:80 -s rr',
      '-A -u 192.0.2.1:53 -s sh -b sh-port -o',
      '-A --sctp-service 192.0.2.1:2905 -s wlc',
      '-A -f 7 -s wrr -p 100 -M 255.255.255.0',
      '-A -t [2001:db8::1]:443 -p 20 -M 64',
      '-A -f 8 -6 -s mh -b mh-fallback',
      '-A -u 192.0.2.1:5060 -p --pe sip',
      '-ln',
      '-l',
      '',
      '-L -n -t [2001:db8::1]:443',
      '-S -n',
    ],
  ],
  [
    'every scheduler',
    [
      ...[
        'rr',
        'wrr',
        'lc',
        'wlc',
        'lblc',
        'lblcr',
        'dh',
        'sh',
        'sed',
        'nq',
        'fo',
        'ovf',
        'mh',
        'twos',
        'none',
        'nosuch',
      ].map((scheduler, index) => `-A -t 192.0.2.1:${8000 + index} -s ${scheduler}`),
      '-ln',
    ],
  ],
  [
    'real servers of every forwarding method, with weights, thresholds and tunnels',
    [
      '-A -t 192.0.2.1:80 -s wrr',
      '-a -t 192.0.2.1:80 -r 10.0.0.1 -g -w 3',
      '-a -t 192.0.2.1:80 -r 10.0.0.2:8080 -m -w 0 -x 100 -y 50',
      '-a -t 192.0.2.1:80 -r 10.0.0.3:8080 -i',
      '-a -t 192.0.2.1:80 -r 10.0.0.4 -i --tun-type gue --tun-port 6080 --tun-csum',
      '-a -t 192.0.2.1:80 -r [2001:db8::9] -i --tun-type gre',
      '-a -t 192.0.2.1:80 -r 10.0.0.1 -g',
      '-a -t 192.0.2.99:80 -r 10.0.0.1 -g',
      '-e -t 192.0.2.1:80 -r 10.0.0.1 -g -w 65535',
      '-e -t 192.0.2.1:80 -r 10.0.0.99 -g',
      '-ln',
      '-ln --thresholds',
      '-ln --tun-info',
      '-ln --persistent-conn',
      '-ln --stats',
      '-ln --rate --exact',
      '-d -t 192.0.2.1:80 -r 10.0.0.1',
      '-d -t 192.0.2.1:80 -r 10.0.0.1',
      '-Z',
      '-Z -t 192.0.2.1:80',
      '-Z -t 192.0.2.99:80',
      '-ln --nosort',
    ],
  ],
  [
    'editing and deleting services, and what the kernel refuses',
    [
      '-A -t 192.0.2.1:80 -s rr -p 60',
      '-A -t 192.0.2.1:80',
      '-E -t 192.0.2.1:80 -s lc',
      '-E -t 192.0.2.2:80 -s lc',
      '-L -n -t 192.0.2.2:80',
      '-D -t 192.0.2.2:80',
      '-ln',
      '-D -t 192.0.2.1:80',
      '-C',
      '-ln',
    ],
  ],
  [
    'timeouts, connections and sync daemons',
    [
      '--set 30 5 60',
      '--set 0 6 0',
      '-L --timeout',
      '-L -c',
      '-Lnc --persistent-conn',
      '--start-daemon master --mcast-interface lo --syncid 3 --mcast-group 224.0.0.99 --mcast-port 9000 --mcast-ttl 5',
      '--start-daemon master --mcast-interface lo',
      '--start-daemon backup --mcast-interface nosuch0',
      '-L --daemon',
      '--stop-daemon master',
      '--stop-daemon master',
      '-L --daemon',
    ],
  ],
  [
    'command lines that make no sense',
    [
      'foo',
      '-x',
      '-A',
      '-A -t',
      '-A -t 192.0.2.1',
      '-A -t bad:80',
      '-A -t :80',
      '-a -t 192.0.2.1:80 -r :80',
      '-ln --bogus',
      '-A -D',
      '-L -c --stats',
      '--set 1 2',
    ],
  ],
  ['version', ['-v', '--version']],
];

test.each(sequences)(
  '%s',
  async (_name, lines) => {
    const theirs = await runAll('$IPVSADM_C', lines);
    const ours = await runAll('$IPVSADM_OURS', lines);
    expect(ours).toEqual(theirs);
    expect(theirs).toHaveLength(lines.length + 1);
  },
  300_000,
);

test('restore reads what save wrote', async () => {
  const rules = [
    '-A -t 192.0.2.1:80 -s wrr',
    '-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 2',
    '-A -f 9 -6 -s rr',
  ];
  const script = (program: string) =>
    `printf '%s\\n' ${rules.map((rule) => `'${rule}'`).join(' ')} | ${program} -R; echo $?; ${program} -Sn | sort`;
  const theirs = await lab.run({ script: script('"$IPVSADM_C"') });
  const ours = await lab.run({ script: script('"$IPVSADM_OURS"') });
  expect(ours.stdout.toString()).toBe(theirs.stdout.toString());
  expect(ours.stdout.toString().split('\n')).toEqual(['0', ...[...rules].sort(), '']);
}, 120_000);

interface Shown {
  line: string;
  stdout: string;
  stderr: string;
  status: string;
}

/**
 * Runs the lines one after the other in one new namespace. Both programs are called through a link
 * of the same name, because their messages contain it. The table, as the genuine program lists it,
 * comes last.
 */
async function runAll(program: string, lines: readonly string[]): Promise<Shown[]> {
  const all = [
    ...lines.map((line) => ({ program: 'ipvsadm', line })),
    { program: '"$IPVSADM_C"', line: '-Sn' },
  ];
  const runs = all.map(({ program, line }) => {
    const words = shellCommand(line.split(' ').filter((word) => word !== ''));
    return `${program} ${words} >o 2>e </dev/null; printf '%s\\0' "$(cat o; echo .)" "$(cat e; echo .)" $?`;
  });
  const script = `mkdir bin; ln -s "${program}" bin/ipvsadm; PATH=$PWD/bin:$PATH\n${runs.join('\n')}\n`;
  const { stdout, stderr } = await lab.run({ script, timeoutSeconds: 200 });
  expect(stderr.toString()).toBe('');
  const fields = stdout.toString('latin1').split('\0');
  return all.map(({ line }, index) => ({
    line,
    stdout: sizeless(fields[3 * index]!.slice(0, -1)),
    stderr: fields[3 * index + 1]!.slice(0, -1),
    status: fields[3 * index + 2]!,
  }));
}

/** The kernel chooses `size=` by what has happened in a namespace. */
function sizeless(text: string): string {
  return text.replace(/\(size=[0-9]+\)/, '(size=N)');
}

/** The words of a rule that an error in its options together points at. */
import { explainRule } from '../../../src/state/rules/explain';
import { ruleLine } from '../../../src/state/rules/line';
import { testNames } from '../../helpers/test-names';

const context = { programName: 'ipvsadm', posix: false, names: testNames };

/** Each problem as the words that it points at, with their offset, and its message. */
function explained(text: string): [offset: number | undefined, words: string | undefined, message: string][] {
  return explainRule(ruleLine(text, 0), context).map(({ span, message }) => [
    span?.offset,
    span && text.slice(span.offset, span.offset + span.length),
    message,
  ]);
}

const WHOLE = 'the complete line';

test.each<[subject: string, line: string, words: string, message: string]>([
  [
    'an option that the command does not take',
    '-D -t 192.0.2.1:80 -s rr',
    'rr',
    "Illegal 'scheduler' option with the 'delete-service' command",
  ],
  [
    'one without a value',
    '-A -t 192.0.2.1:80 -g',
    '-g',
    "Illegal 'forwarding-method' option with the 'add-service' command",
  ],
  [
    'the second of two options that exclude each other',
    '-a -t 192.0.2.1:80 -r 10.0.0.1 -i --tun-type gre --tun-nocsum --tun-csum',
    '--tun-csum',
    "The option 'tun-csum' conflicts with the 'tun-nocsum' option in the 'gre' tunnel type",
  ],
  [
    'an option that is missing',
    '-a -t 192.0.2.1:80 -w 1',
    WHOLE,
    "You need to supply the 'real-server' option for the 'add-server' command",
  ],
  [
    'an option that the tunnel type requires',
    '-a -t 192.0.2.1:80 -r 10.0.0.1 -i --tun-type gue',
    WHOLE,
    "You need to supply the 'tun-port' option for the 'gue' tunnel type",
  ],
  ['port 0', '-A -t 192.0.2.1:0 -s rr', '192.0.2.1:0', 'Zero port specified for non-persistent service'],
  [
    'one-packet scheduling',
    '-A -t 192.0.2.1:80 -o',
    '-o',
    'One-Packet Scheduling is only for UDP virtual services',
  ],
  ['a scheduler flag', '-A -f 1 -s sh -b mh-port', 'mh-port', "incompatible scheduler flag `mh-port'"],
  ['an unknown scheduler flag', '-A -f 1 -s sh -b sh-port,x', 'sh-port,x', "invalid scheduler flag `x'"],
  ['commas as scheduler flags', '-A -f 1 -b ,,', ',,', "invalid scheduler flag `,,'"],
  [
    'a real server of another address family',
    '-a -t 192.0.2.1:80 -r [2001:db8::1]:80 -w 2',
    '[2001:db8::1]:80',
    'Different address family is allowed only for tunneling servers',
  ],
  [
    'the first of the tunnel options',
    '-a -t 192.0.2.1:80 -r 10.0.0.1 --tun-port 6080 --tun-type gue -m',
    '6080',
    'Tunnel options conflict with forward method',
  ],
  ['a stray argument', '-A -t 192.0.2.1:80 rr -p 3', 'rr', 'unexpected argument rr'],
  ['one that is also a value', '-A -t 192.0.2.1:80 -s x x', 'x', 'unexpected argument x'],
  ['one in front of the command', 'rr -A -t 192.0.2.1:80', 'rr', 'unexpected argument rr'],
  ['one after the timeouts', '--set 1 2 3 4', '4', 'unexpected argument 4'],
  ['a timeout', '--set 1 x 3', 'x', "invalid timeout value `x' specified"],
  ['too few timeouts', '--set 1 2', WHOLE, '--set option requires 3 timeout values'],
  ['options of listings', '-L -c --stats', WHOLE, 'options conflicts in the list command'],
])('%s: %s', (_subject, line, words, message) => {
  const expected = words === WHOLE ? line : words;
  expect(explained(line)).toEqual([[line.lastIndexOf(expected), expected, message]]);
});

test('every option that is refused has its own problem', () => {
  expect(explained('-A -t nowhere:80 -s rr -p 0 -s wlc')).toEqual([
    [6, 'nowhere:80', 'illegal virtual server address[:port] specified'],
    [26, '0', "invalid timeout value `0' specified"],
    [31, 'wlc', "multiple 'scheduler' options specified"],
  ]);
});

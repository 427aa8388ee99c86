import { ipvsCommands } from '../../src/ipvs/commands';
import { AttributeError, TransportError } from '../../src/netlink/errors';
import { wordsOf } from '../../src/operations/restore';
import { program } from '../helpers/program';

const ADD = '-A -t 192.0.2.10:80 -s rr';
const SERVER = '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m';
const HINT = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n";
const saved = { add: '-A -t 192.0.2.10:80 -s rr\n', server: '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1\n' };

describe('the words of a line', () => {
  test.each([
    ['are separated by white space', ' -A\t-t  x \r', ['-A', '-t', 'x']],
    ['may hold form feeds and vertical tabs', '-A\f \vx', ['-A\f', '\vx']],
    ['are not ipvsadm, in any position', 'ipvsadm -s ipvsadm rr', ['-s', 'rr']],
    ['may be a path of it', '/sbin/ipvsadm -A', ['/sbin/ipvsadm', '-A']],
    ['end at a NUL byte', '-A\0x y', ['-A', 'y']],
    ['know no quotes, escapes or comments', '"a b" \\ #', ['"a', 'b"', '\\', '#']],
    ['may be none', ' \t\r', []],
  ] as const)('%s', (_name, line, expected) => {
    expect(wordsOf(line)).toEqual(expected);
  });
});

describe('a restore of', () => {
  test.each<[string, string, { stdout?: string; stderr?: string; status: number }, string]>([
    ['nothing', '', { status: 0 }, ''],
    ['blank lines', '\n \t\r\n', { status: 0 }, ''],
    ['a service and a server', `${ADD}\n${SERVER}\n`, { status: 0 }, saved.add + saved.server],
    ['lines with their program', `ipvsadm ${ADD}\n`, { status: 0 }, saved.add],
    ['lines that end in CR LF', `${ADD}\r\n${SERVER}\r\n`, { status: 0 }, saved.add + saved.server],
    ['a last line without its newline', `${ADD}\n${SERVER}`, { status: 0 }, saved.add + saved.server],
    ['one with blanks at its end', `${ADD}\n${SERVER} \t `, { status: 0 }, saved.add + saved.server],
    [
      'a refused line in the middle',
      `${ADD}\n${ADD}\n${SERVER}\n`,
      { stderr: 'Service already exists\n', status: 0 },
      saved.add + saved.server,
    ],
    [
      'a refused line at the end',
      `${ADD}\n${ADD}\n`,
      { stderr: 'Service already exists\n', status: 255 },
      saved.add,
    ],
    [
      'an unknown option',
      `${ADD}\n${SERVER} --bogus\n${SERVER}\n`,
      { stderr: '--bogus: unknown option\n', status: 0 },
      saved.add + saved.server,
    ],
    [
      'an unknown option at the end',
      `${ADD}\n${SERVER} --bogus\n`,
      { stderr: '--bogus: unknown option\n', status: 255 },
      saved.add,
    ],
    [
      'a value that is refused',
      `${ADD}\n-a -t bad -r x\n${SERVER}\n`,
      { stderr: 'illegal virtual server address[:port] specified\n', status: 2 },
      saved.add,
    ],
    ['a comment', `${ADD}\n# comment\n${SERVER}\n`, { stderr: HINT, status: 255 }, saved.add],
    ['a comment after a command', `${ADD} # comment\n`, { stderr: 'unexpected argument #\n', status: 2 }, ''],
    ['a restore', `${ADD}\n-R\n${SERVER}\n`, { stderr: HINT, status: 255 }, saved.add],
    [
      'the version',
      `${ADD}\n-v\n${SERVER}\n`,
      { stdout: 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n', status: 0 },
      saved.add,
    ],
    ['a save', `${ADD}\n-Sn\n${SERVER}\n`, { stdout: saved.add, status: 0 }, saved.add + saved.server],
    [
      'a listing that fails',
      `${ADD}\n-L -n -f 7\n${SERVER}\n`,
      { stderr: 'No such service\n', status: 1 },
      saved.add,
    ],
    ['a flush', `${ADD}\n-C\n`, { status: 0 }, ''],
  ])('%s', async (_name, stdin, expected, table) => {
    const { run } = program();
    const outcome = await run('-R', { stdin });
    expect({ ...outcome, table: (await run('-Sn')).stdout }).toEqual({
      stdout: '',
      stderr: '',
      ...expected,
      table,
    });
  });
});

test('errors of the kernel and of the syntax come in the order of their lines', async () => {
  const { run } = program();
  const stdin = ['-D -f 1', '-A --bogus', '-D -f 2', '-d -f 3 -r 10.0.0.1', '-Z -f 4', '-L --bogus'].join(
    '\n',
  );
  expect(await run('-R', { stdin })).toEqual({
    stdout: '',
    stderr:
      'No such service\n--bogus: unknown option\nNo such service\nService not defined\nNo such service\n--bogus: unknown option\n',
    status: 255,
  });
});

test('blocks of input may end anywhere in a line', async () => {
  const text = `${ADD}\n${SERVER}\n`;
  const tables = [];
  for (let at = 0; at <= text.length; at++) {
    const { run } = program();
    const { status } = await run('-R', { stdin: [text.slice(0, at), text.slice(at)] });
    tables.push(`${status} ${(await run('-Sn')).stdout}`);
  }
  expect(new Set(tables)).toEqual(new Set([`0 ${saved.add}${saved.server}`]));
});

test('words may be of any length', async () => {
  const { run } = program();
  expect(await run('-R', { stdin: `-A -t 192.0.2.10:80 -s ${'r'.repeat(100_000)}\n${ADD}\n` })).toEqual({
    stdout: '',
    stderr: 'Scheduler or persistence engine not found\n',
    status: 0,
  });
});

test('changes are sent in datagrams of at most 128, and before each listing', async () => {
  const { kernel, run } = program();
  const lines = [
    ...Array.from({ length: 130 }, (_, index) => `-A -f ${index + 1}`),
    '-L --timeout',
    '-D -f 1',
  ];
  const sizes: number[] = [];
  const outcome = await run('-R', {
    stdin: `${lines.join('\n')}\n`,
    openTransport: () => {
      const transport = kernel.open();
      return {
        ...transport,
        send(datagram) {
          const before = kernel.requests.length;
          transport.send(datagram);
          sizes.push(kernel.requests.length - before);
        },
      };
    },
  });
  expect({ ...outcome, sizes }).toEqual({
    stdout: 'Timeout (tcp tcpfin udp): 900 120 300\n',
    stderr: '',
    status: 0,
    sizes: [0, 1, 128, 2, 1, 1], // the family, GET_INFO, two batches, GET_CONFIG, the last change
  });
});

test('pending changes are sent before waiting for more input', async () => {
  const { kernel, run } = program();
  const seen: number[] = [];
  const stdin = [`${ADD}\n`, `${SERVER}\n`];
  await run('-R', {
    get stdin() {
      return stdin;
    },
    openTransport: () => {
      const transport = kernel.open();
      return {
        ...transport,
        send(datagram) {
          transport.send(datagram);
          seen.push(kernel.requests.at(-1)?.command ?? 0);
        },
      };
    },
  });
  expect(seen).toEqual([0, ipvsCommands.getInfo, ipvsCommands.newService, ipvsCommands.newDest]);
});

// restore() does not convert TransportError and other netlink failures: run() does.
test.each([
  ['lost', () => new TransportError('no buffer space', 105)],
  ['broken', () => new AttributeError('too short')],
])('replies that are %s end a restore with the message for EINVAL', async (_what, failure) => {
  const { kernel, run } = program();
  const outcome = await run('-R', {
    stdin: `${ADD}\n${SERVER}\n`,
    openTransport: () => {
      const transport = kernel.open();
      return {
        ...transport,
        receive() {
          if (kernel.entries.length > 0) throw failure();
          return transport.receive();
        },
      };
    },
  });
  expect(outcome).toEqual({
    stdout: '',
    stderr: 'Invalid operation.  Possibly wrong module version, address not unicast, ...\n',
    status: 255,
  });
});

test.each([
  ['a directory', '', 21, 'Is a directory', ''],
  [
    'a file with a bad sector',
    `${ADD}\n${SERVER}\n${SERVER.slice(0, 9)}`,
    5,
    'Input/output error',
    saved.add + saved.server,
  ],
])(
  'standard input that is %s is an error after the lines before',
  async (_name, stdin, stdinErrno, reason, table) => {
    const { run } = program();
    expect(await run('-R', { stdin, stdinErrno })).toEqual({
      stdout: '',
      stderr: `ipvsadm: standard input cannot be read: ${reason}; the lines before are in effect\n`,
      status: 2,
    });
    expect((await run('-Sn')).stdout).toBe(table);
  },
);

/** The helper that connects with a mark and copies (src/engines/quickjs/relay.c), with sanitizers. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { buildNative, root } from '../../scripts/native/build';

const program = join(root, 'node_modules/.cache/ipvsadm-test/relay');
/** The exit status that a sanitizer sets. */
const ALARM = 99;

beforeAll(
  () => buildNative({ entry: 'test/native/fuzz/calls.ts', executable: program, sanitized: true }),
  600_000,
);

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function tcp(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  closing.push(() => server.close());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function udp(serve: (bytes: Buffer) => readonly Uint8Array[]): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, { port, address }) => {
    for (const answer of serve(bytes)) socket.send(answer, port, address);
  });
  closing.push(() => socket.close());
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () => resolve(socket.address().port));
  });
}

function start(...words: (string | number)[]): ChildProcessWithoutNullStreams {
  const child = spawn(program, ['relay', ...words.map(String)], {
    argv0: 'ipvsadm-packets',
    env: {
      ASAN_OPTIONS: `detect_leaks=0:exitcode=${ALARM}`,
      UBSAN_OPTIONS: `halt_on_error=1:exitcode=${ALARM}`,
    },
  });
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
  return child;
}

interface Ended {
  readonly status: number | NodeJS.Signals;
  readonly stdout: Buffer;
  readonly stderr: string;
}

async function end(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const parts: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (bytes) => parts.push(bytes));
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  const [code, signal] = await once(child, 'close');
  expect(code).not.toBe(ALARM);
  expect(stderr).not.toMatch(/Sanitizer|runtime error/);
  return { status: code ?? signal, stdout: Buffer.concat(parts), stderr };
}

const frame = (bytes: Uint8Array) =>
  Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);

test('copies megabytes both ways', async () => {
  const port = await tcp((socket) => socket.pipe(socket));
  const child = start('tcp', 60_000, '-', '127.0.0.1', port);
  const sent = Buffer.alloc(5_000_000, 'the quick brown fox ');
  child.stdin.end(sent);
  const { status, stdout } = await end(child);
  expect(status).toBe(0);
  expect(stdout.equals(Buffer.concat([Buffer.from('connected\n'), sent]))).toBe(true);
});

test('ends when the other end closes, though standard input is open', async () => {
  const port = await tcp((socket) => socket.end('bye'));
  const { status, stdout } = await end(start('tcp', 60_000, '127.0.0.9', '127.0.0.1', port));
  expect([status, stdout.toString()]).toEqual([0, 'connected\nbye']);
});

test('ends when nobody reads', async () => {
  const port = await tcp((socket) => {
    const timer = setInterval(() => socket.write('x'.repeat(100_000)), 1);
    socket.on('close', () => clearInterval(timer));
  });
  const child = start('tcp', 60_000, '-', '127.0.0.1', port);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect((await end(child)).status).toBe(0);
});

test('reports a reset', async () => {
  const port = await tcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const child = start('tcp', 60_000, '-', '127.0.0.1', port);
  child.stdin.write('x');
  const { status, stderr } = await end(child);
  expect([status, stderr]).toEqual([1, 'failed 104 read\n']);
});

test('ends at its limit', async () => {
  const port = await tcp(() => {});
  const { status, stdout } = await end(start('tcp', 300, '-', '127.0.0.1', port));
  expect([status, stdout.toString()]).toEqual(['SIGALRM', 'connected\n']);
});

const failures: [words: (string | number)[], status: number, stdout: string][] = [
  [['tcp', 1000, '-', '127.0.0.1', 1], 1, 'failed 111 connect\n'],
  [['tcp', 1000, '192.0.2.1', '127.0.0.1', 1], 1, 'failed 99 bind\n'],
  [['tcp', 1000, '-', '127.0.0.1', 1, 'device', 'no-such-device'], 1, 'failed 19 SO_BINDTODEVICE\n'],
  [['tcp', 1000, '-', '127.0.0.1', 65536], 2, ''],
  [['tcp', 1000, '-', '127.0.0.1', '80x'], 2, ''],
  [['tcp', 1000, '-', 'localhost', 80], 2, ''],
  [['tcp', 1000, 'x'.repeat(5000), '127.0.0.1', 80], 2, ''],
  [['tcp', 1000, '-', `fe80::1%${'e'.repeat(200)}`, 80], 2, ''],
  [['tcp', 0, '-', '127.0.0.1', 80], 2, ''],
  [['tcp', -5, '-', '127.0.0.1', 80], 2, ''],
  [['tcp', '99999999999999999999', '-', '127.0.0.1', 80], 2, ''],
  [['sctp', 1000, '-', '127.0.0.1', 80], 2, ''],
  [['tcp', 1000, '-', '127.0.0.1'], 2, ''],
  [['tcp', 1000, '-', '127.0.0.1', 80, 'mark'], 2, ''],
  [['tcp', 1000, '-', '127.0.0.1', 80, 'mark', '4294967296'], 2, ''],
  [['tcp', 1000, '-', '127.0.0.1', 80, 'mark', '-1'], 2, ''],
  [['tcp', 1000, '-', '127.0.0.1', 80, 'port', '1'], 2, ''],
  [[], 2, ''],
];

test.each(failures)('words %#', async (words, status, stdout) => {
  const ended = await end(start(...words));
  expect([ended.status, ended.stdout.toString()]).toEqual([status, stdout]);
});

test('datagrams keep their boundaries', async () => {
  const port = await udp((bytes) => [bytes, Buffer.alloc(0), bytes.subarray(0, 1)]);
  const child = start('udp', 60_000, '-', '127.0.0.1', port);
  const large = Buffer.alloc(60_000, 'y');
  const expected = Buffer.concat([
    Buffer.from('connected\n'),
    frame(large),
    frame(Buffer.alloc(0)),
    frame(Buffer.from('y')),
  ]);
  // In pieces, in the middle of the length.
  child.stdin.write(frame(large).subarray(0, 1));
  setTimeout(() => child.stdin.write(frame(large).subarray(1)), 50);
  let got = Buffer.alloc(0);
  for await (const bytes of child.stdout) {
    got = Buffer.concat([got, bytes]);
    if (got.length >= expected.length) break;
  }
  expect(got.equals(expected)).toBe(true);
  child.kill();
});

test('a datagram that nobody takes', async () => {
  const port = await udp(() => []);
  for (const close of closing.splice(0)) close();
  const child = start('udp', 60_000, '-', '127.0.0.1', port);
  child.stdin.write(frame(Buffer.from('x')));
  const { status, stderr } = await end(child);
  expect([status, stderr]).toEqual([1, 'failed 111 recv\n']);
});

test('any bytes, any answers', async () => {
  let answers: readonly Uint8Array[] = [];
  const port = await udp(() => answers);
  const stream = await tcp((socket) => socket.pipe(socket));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 8 }),
      fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 4 }),
      fc.boolean(),
      async (pieces, replies, datagrams) => {
        answers = replies;
        const child = start(datagrams ? 'udp' : 'tcp', 150, '-', '127.0.0.1', datagrams ? port : stream);
        for (const piece of pieces) child.stdin.write(piece);
        if (!datagrams) child.stdin.end();
        const { status } = await end(child);
        // A datagram that is too long for the kernel, or with the port of a former one.
        expect([0, 1, 'SIGALRM']).toContain(status);
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

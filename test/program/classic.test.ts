import { VERSION_LINE } from '../../src/format/version';
import { TransportError } from '../../src/netlink/errors';
import { OutputError } from '../../src/platform/system';
import type { FakeKernel } from '../helpers/fake-kernel';
import { program } from '../helpers/program';

const ARE_YOU_SURE = 'Are you sure that IP Virtual Server is built in the kernel or as module?\n';
const noCapabilities = { '/proc/self/status': 'Name:\tnode\nCapEff:\t0000000000000000\n' };
const EPIPE = 32;
const ENOSPC = 28;

/** The program on a kernel without IPVS. Counts the calls of modprobe, which runs `load`. */
function withoutModule(load: (kernel: FakeKernel) => void = () => {}) {
  const { kernel, run } = program();
  kernel.familyMissing = true;
  const calls = { modprobe: 0, sockets: 0 };
  return {
    calls,
    run: (line: string, files = {}) =>
      run(line, {
        files,
        openTransport: () => {
          calls.sockets += 1;
          return kernel.open();
        },
        loadModule: () => {
          calls.modprobe += 1;
          load(kernel);
        },
      }),
  };
}

describe('without IPVS in the kernel', () => {
  test.each(['', '-L', '-A -t bad', '--bogus', 'foo'])('the command line %j is that error', async (line) => {
    const { run, calls } = withoutModule();
    expect({ ...(await run(line)), ...calls }).toEqual({
      stdout: '',
      stderr: `Can't initialize ipvs: Protocol not available\n${ARE_YOU_SURE}`,
      status: 2,
      modprobe: 1,
      sockets: 2,
    });
  });

  test('a user without CAP_NET_RAW has no permission', async () => {
    const { run } = withoutModule();
    expect(await run('-L', noCapabilities)).toEqual({
      stdout: '',
      stderr: `Can't initialize ipvs: Permission denied (you must be root)\n${ARE_YOU_SURE}`,
      status: 2,
    });
  });

  test('modprobe gets one chance to load it', async () => {
    const { run, calls } = withoutModule((kernel) => {
      kernel.familyMissing = false;
    });
    expect({ ...(await run('-S')), ...calls }).toEqual({
      stdout: '',
      stderr: '',
      status: 0,
      modprobe: 1,
      sockets: 2,
    });
  });

  test.each(['-h', '--help', '-v', '--version', '-h --bogus'])(
    '%s needs none, and runs no modprobe',
    async (line) => {
      const { run, calls } = withoutModule();
      const { stdout, ...outcome } = await run(line);
      expect({ ...outcome, ...calls, begins: stdout.startsWith(VERSION_LINE) }).toEqual({
        stderr: '',
        status: 0,
        modprobe: 0,
        sockets: 0,
        begins: true,
      });
    },
  );
});

test('a refused GET_INFO is reported with its errno', async () => {
  const { kernel, run } = program();
  const refusal = Buffer.from('24000000020000000200000000000000ffffffff', 'hex');
  const outcome = await run('-L', {
    loadModule: () => {},
    openTransport: () => {
      const transport = kernel.open();
      let received = 0;
      return { ...transport, receive: () => (received++ === 0 ? transport.receive() : whole(refusal)) };
    },
  });
  expect(outcome).toEqual({
    stdout: '',
    stderr: `Can't initialize ipvs: Permission denied (you must be root)\n${ARE_YOU_SURE}`,
    status: 2,
  });
});

/** The error message, cut to the length in its header. */
function whole(start: Buffer): Buffer {
  return Buffer.concat([start, Buffer.alloc(start.readUInt32LE(0) - start.length)]);
}

test('a socket that cannot be opened is reported as missing IPVS', async () => {
  const { run } = program();
  const outcome = await run('-L', {
    loadModule: () => {},
    openTransport: () => {
      throw new TransportError('Protocol not supported', 93);
    },
  });
  expect(outcome).toEqual({
    stdout: '',
    stderr: `Can't initialize ipvs: Protocol not available\n${ARE_YOU_SURE}`,
    status: 2,
  });
});

test('an old IPVS causes a warning', async () => {
  const { kernel, run } = program();
  kernel.version = 0x010103;
  expect(await run('-S')).toEqual({
    stdout: '',
    stderr:
      'Warning: IPVS version mismatch: \n' +
      '  Kernel compiled with IPVS version 1.1.3\n' +
      '  ipvsadm v1.31  requires minimum IPVS version 1.1.4\n\n',
    status: 0,
  });
});

test('the hint names the program as it was called', async () => {
  const { run } = program();
  expect(await run('foo', { programName: '/opt/lvs/ipvsadm' })).toEqual({
    stdout: '',
    stderr: "Try `/opt/lvs/ipvsadm -h' or '/opt/lvs/ipvsadm --help' for more information.\n",
    status: 255,
  });
});

describe('standard output', () => {
  const failing = (errno: number) => ({
    onWrite: (stream: 'stdout' | 'stderr') => {
      if (stream === 'stdout') throw new OutputError(errno);
    },
  });

  test.each(['-h', '-L', '-v', '--list --timeout'])(
    'that is full is an error with status 1: %s',
    async (line) => {
      const { run } = program();
      expect(await run(line, failing(ENOSPC))).toEqual({
        stdout: '',
        stderr: 'ipvsadm: cannot write to standard output: No space left on device\n',
        status: 1,
      });
    },
  );

  test('that nothing reads ends the program silently, as SIGPIPE would', async () => {
    const { run } = program();
    expect(await run('-L', failing(EPIPE))).toEqual({ stdout: '', stderr: '', status: 141 });
  });

  test('is not written to by commands that print nothing', async () => {
    const { run } = program();
    expect(await run('-A -f 7', failing(ENOSPC))).toEqual({ stdout: '', stderr: '', status: 0 });
  });

  test.each([
    ['is written after standard error when it is a file', false, ['stderr', 'stdout']],
    ['is written first when it is a terminal', true, ['stdout', 'stderr']],
  ])('%s', async (_name, terminal, expected) => {
    const { run } = program();
    const order: string[] = [];
    await run('-R', {
      stdin: '-L --timeout\n-D -f 7\n',
      terminal,
      onWrite: (stream) => {
        order.push(stream);
      },
    });
    expect(order).toEqual(expected);
  });
});

test('a restore continues if standard error cannot be written', async () => {
  const { run, kernel } = program();
  const outcome = await run('-R', {
    stdin: '-A -f 1\n-A -f 1 --bogus\n-A -f 1\n-A -f 2\n',
    onWrite: (stream) => {
      if (stream === 'stderr') throw new OutputError(ENOSPC);
    },
  });
  expect({ ...outcome, marks: kernel.entries.map(({ service }) => service.fwmark) }).toEqual({
    stdout: '',
    stderr: '',
    status: 0,
    marks: [1, 2],
  });
});

test('errors other than netlink failures are not reported as a missing module', async () => {
  const { run } = program();
  const broken = () => {
    throw new TypeError('a bug');
  };
  await expect(run('-L', { openTransport: broken })).rejects.toThrow('a bug');
});

import { ipvsCommands } from '../../src/ipvs/commands';
import { decodeMessages } from '../../src/netlink/message';
import type { Transport } from '../../src/netlink/transport';
import { program as programOnEngine } from '../../src/program/program';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const EIO = 5;
const EISDIR = 21;
const EINVAL = 22;

const SERVICE = '-A -t 192.0.2.10:80 -s rr\n';
const SERVER = '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1\n';
const OTHER = '-A -f 9 -s wlc\n';

/** A kernel with the service of OTHER, and a function that runs the program on it by a name. */
async function kernelWithService() {
  const kernel = new FakeKernel();
  const sent: number[][] = [];
  const run = (programName: string, world: Partial<TestWorld> = {}) =>
    runIn(
      { args: [], programName, openTransport: () => recording(kernel.open(), sent), ...world },
      (system) => programOnEngine(system, async () => 99),
    );
  await run('ipvsadm', { args: ['-A', '-f', '9'] });
  sent.length = 0;
  const saved = async () => (await run('ipvsadm', { args: ['-Sn'] })).stdout;
  return { kernel, run, saved, sent };
}

/** Adds the generic netlink commands of each datagram to `sent`. */
function recording(transport: Transport, sent: number[][]): Transport {
  return {
    ...transport,
    send(datagram) {
      sent.push(decodeMessages(datagram).map(({ payload }) => payload[0]!));
      transport.send(datagram);
    },
  };
}

describe('ipvsadm-restore', () => {
  test.each<[string, NonNullable<TestWorld['stdin']>, string]>([
    ['rules', SERVICE + SERVER, SERVICE + SERVER],
    ['nothing', '', ''],
    ['comments alone', '# one\n#two', ''],
    ['comments between rules', `# one\n${SERVICE}#\n#\n${SERVER}# end`, SERVICE + SERVER],
    ['a # inside a line, which is none', '-A -f 7 -s rr\n-A -f 8#9\n', '-A -f 7 -s rr\n'],
    [
      'blocks that end in a comment',
      [`#${'x'.repeat(10)}`, `y\n${SERVICE}`, '#', '# z\n', SERVER],
      SERVICE + SERVER,
    ],
    [
      'blocks that end in a line',
      ['-A -t 192.0.2.10:80', ` -s rr\n#\n${SERVER.slice(0, 9)}`, SERVER.slice(9)],
      SERVICE + SERVER,
    ],
  ])('replaces the table with %s', async (_name, stdin, expected) => {
    const { run, saved } = await kernelWithService();
    await run('/usr/sbin/ipvsadm-restore', { stdin });
    expect(await saved()).toBe(expected);
  });

  test('clears the table in the datagram of the first rules', async () => {
    const { run, sent } = await kernelWithService();
    const outcome = await run('ipvsadm-restore', { stdin: `# x\n${SERVICE}-A -f 7\n${SERVER}` });
    const { flush, newService, newDest } = ipvsCommands;
    expect({ ...outcome, changes: sent.filter((commands) => commands.includes(flush)) }).toEqual({
      stdout: '',
      stderr: '',
      status: 0,
      changes: [[flush, newService, newService, newDest]],
    });
  });

  test('sends all rules of a large table without a pause', async () => {
    const { run, sent } = await kernelWithService();
    const lines = Array.from({ length: 500 }, (_, mark) => `-A -f ${mark + 1} -s rr\n`).join('');
    const blocks = lines.match(/[\s\S]{1,1000}/g)!;
    await run('ipvsadm-restore', { stdin: blocks });
    const first = sent.findIndex((commands) => commands.includes(ipvsCommands.flush));
    expect(sent.slice(first).map((commands) => commands.length)).toEqual([128, 128, 128, 117]);
  });

  test('reports a table that cannot be cleared, and goes on, with the status of the last rule', async () => {
    const { kernel, run, saved } = await kernelWithService();
    kernel.refuse = (command) => (command === ipvsCommands.flush ? EINVAL : 0);
    expect(await run('ipvsadm-restore', { stdin: SERVICE })).toEqual({
      stdout: '',
      stderr: 'Invalid operation.  Possibly wrong module version, address not unicast, ...\n',
      status: 0,
    });
    expect((await saved()).split('\n').sort().join('\n').trim()).toBe(
      `${OTHER}${SERVICE}`.split('\n').sort().join('\n').trim(),
    );
  });

  test('reports a missing kernel module twice, as the script of ipvsadm does', async () => {
    const { kernel, run } = await kernelWithService();
    kernel.familyMissing = true;
    const message =
      "Can't initialize ipvs: Protocol not available\nAre you sure that IP Virtual Server is built in the kernel or as module?\n";
    expect(await run('ipvsadm-restore', { stdin: SERVICE, loadModule: () => {} })).toEqual({
      stdout: '',
      stderr: message + message,
      status: 2,
    });
  });

  test.each([['-h'], ['--help']])('%s prints its usage', async (option) => {
    const { run, sent } = await kernelWithService();
    const outcome = await run('ipvsadm-restore', { args: [option], stdin: SERVICE });
    expect({ ...outcome, sent }).toEqual({
      stdout: expect.stringMatching(/^Usage: ipvsadm-restore \[--strict\] <FILE\n/),
      stderr: '',
      status: 0,
      sent: [],
    });
  });

  test.each([
    [['-n'], '-n'],
    [['rules'], 'rules'],
    [['-n', '/etc/ipvsadm.rules'], '-n'],
    [['--strict', 'rules'], 'rules'],
    [['--netns', 'blue'], '--netns'],
    [[''], ''],
  ])('refuses the arguments %j, and changes nothing', async (args, named) => {
    const { run, sent } = await kernelWithService();
    const outcome = await run('ipvsadm-restore', { args, stdin: SERVICE });
    expect({ ...outcome, sent }).toEqual({
      stdout: '',
      stderr: `ipvsadm-restore: unexpected argument '${named}': the rules are read from standard input, and the only option is --strict; the table is unchanged\n`,
      status: 2,
      sent: [],
    });
  });

  test.each<[string, readonly string[], string, number, string]>([
    ['a directory', [], '', EISDIR, 'Is a directory'],
    ['a file with a bad sector', [], SERVICE + SERVER, EIO, 'Input/output error'],
    ['a file with a bad sector, strictly', ['--strict'], SERVICE, EIO, 'Input/output error'],
  ])('changes nothing if standard input is %s', async (_name, args, stdin, stdinErrno, reason) => {
    const { run, sent } = await kernelWithService();
    const outcome = await run('ipvsadm-restore', { args, stdin, stdinErrno });
    expect({ ...outcome, sent }).toEqual({
      stdout: '',
      stderr: `ipvsadm-restore: standard input cannot be read: ${reason}; the table is unchanged\n`,
      status: 2,
      sent: [],
    });
  });
});

describe('ipvsadm-restore --strict', () => {
  test('adds what the rules want before it deletes the rest', async () => {
    const { run, saved, sent } = await kernelWithService();
    const outcome = await run('ipvsadm-restore', {
      args: ['--strict'],
      stdin: `# x\n${SERVICE} # y\n${SERVER}`,
    });
    const { newService, newDest, delService } = ipvsCommands;
    expect({ ...outcome, sent: sent.slice(-2), table: await saved() }).toEqual({
      stdout: '',
      stderr: '',
      status: 0,
      sent: [[newService, newDest], [delService]],
      table: SERVICE + SERVER,
    });
    sent.length = 0;
    await run('ipvsadm-restore', { args: ['--strict'], stdin: SERVICE + SERVER.replace('-w 1', '-w 2') });
    expect(sent.at(-1)).toEqual([ipvsCommands.setDest]);
  });

  test.each([
    ['no rules', '', ''],
    ['a service that the rules clear again', `${SERVICE}-C\n-A -f 7 -s rr\n`, '-A -f 7 -s rr\n'],
    ['a service that the rules change', `${SERVICE}-E -t 192.0.2.10:80 -s lc\n`, SERVICE.replace('rr', 'lc')],
    [
      'a real server that the rules delete',
      `${SERVICE}${SERVER}-d -t 192.0.2.10:80 -r 10.0.0.17:80\n`,
      SERVICE,
    ],
  ])('leaves what clearing the table and %s would leave', async (_name, stdin, table) => {
    const { run, saved } = await kernelWithService();
    await run('ipvsadm', { args: ['-R'], stdin: SERVICE });
    const outcome = await run('ipvsadm-restore', { args: ['--strict'], stdin });
    expect({ ...outcome, table: await saved() }).toEqual({ stdout: '', stderr: '', status: 0, table });
  });

  test('leaves sync daemons alone that the rules do not name', async () => {
    const { kernel, run } = await kernelWithService();
    const daemon = (state: string) => `--start-daemon ${state} --mcast-interface lo --syncid 3\n`;
    await run('ipvsadm', { args: ['-R'], stdin: daemon('master') + daemon('backup') });
    const daemons = [...kernel.daemons];
    const replace = (stdin: string) => run('ipvsadm-restore', { args: ['--strict'], stdin });
    const done = { stdout: '', stderr: '', status: 0 };
    expect(await replace(SERVICE)).toEqual(done);
    expect(kernel.daemons).toEqual(daemons);
    expect(await replace(SERVICE + daemon('backup'))).toEqual(done);
    expect(kernel.daemons).toEqual(daemons);
    expect(await replace(`${SERVICE}${daemon('master')}--stop-daemon master\n`)).toEqual(done);
    expect(kernel.daemons).toEqual(daemons.slice(1));
  });

  test.each([
    ['a misspelt option', `# x\n${SERVICE}-a -t 192.0.2.10:80 -r 10.0.0.17:80 --bogus\n`, '3:37', '--bogus'],
    ['a bad address', `${SERVICE}-a -t 192.0.2.300:80 -r 10.0.0.17:80\n`, '2:7', '192.0.2.300:80'],
    ['an unknown command', `${SERVICE}frob\n`, '2:1', 'frob'],
    ['a server without its service', SERVER, '1:7', '192.0.2.10:80'],
    ['a service that is there twice', SERVICE + SERVICE, '2:7', '192.0.2.10:80'],
  ])('names the place of %s, and changes nothing', async (_name, stdin, place, word) => {
    const { run, saved } = await kernelWithService();
    const outcome = await run('ipvsadm-restore', { args: ['--strict'], stdin });
    expect({ ...outcome, table: await saved() }).toEqual({
      stdout: '',
      stderr: expect.stringMatching(
        new RegExp(
          `^\\(standard input\\):${place}: [\\s\\S]*${word}[\\s\\S]*\nipvsadm-restore: the table is unchanged\n$`,
        ),
      ),
      status: 2,
      table: OTHER,
    });
  });

  test('puts the former table back if the kernel refuses a rule, and names that', async () => {
    const { run, saved } = await kernelWithService();
    await run('ipvsadm', { args: ['-R'], stdin: SERVICE + SERVER });
    await run('ipvsadm', { args: ['--set', '10', '20', '30'] });
    const before = await saved();
    const outcome = await run('ipvsadm-restore', {
      args: ['--strict'],
      stdin: '\n-A -f 7 -s rr\n--set 1 2 3\n-A -f 8 -s nosuch\n',
    });
    const { stdout: timeouts } = await run('ipvsadm', { args: ['-L', '--timeout'] });
    expect({ ...outcome, table: await saved(), timeouts }).toEqual({
      stdout: '',
      stderr: `(standard input):4:1: Scheduler or persistence engine not found
    -A -f 8 -s nosuch
    ^^^^^^^^^^^^^^^^^
ipvsadm-restore: services and real servers are as they were before
`,
      status: 255,
      table: before,
      timeouts: 'Timeout (tcp tcpfin udp): 10 20 30\n',
    });
  });

  test('says if the former table cannot be put back', async () => {
    const { kernel, run } = await kernelWithService();
    kernel.refuse = (command) => (command === ipvsCommands.delService ? EINVAL : 0);
    const outcome = await run('ipvsadm-restore', { args: ['--strict'], stdin: `${SERVICE}-A -f 8 -s x\n` });
    expect(outcome.stderr).toMatch(
      /^\(standard input\):2:1: Scheduler[\s\S]*\nipvsadm-restore: the former table could NOT be put back completely\n$/,
    );
    expect(outcome.status).toBe(255);
  });
});

describe('ipvsadm-save', () => {
  test.each([
    [[], '-A -f 9 -s wlc\n', '', 0],
    [['-n', 'words'], '-A -f 9 -s wlc\n', '', 0],
    [
      ['--help'],
      '',
      'ipvsadm-save: Script to save the IPVS table to stdout.\n   With the -n option, prints out the table in numeric format.\n',
      1,
    ],
  ])('with %j', async (args, stdout, stderr, status) => {
    const { run } = await kernelWithService();
    expect(await run('bin/ipvsadm-save', { args })).toEqual({ stdout, stderr, status });
  });
});

import { FakeKernel } from '../helpers/fake-kernel';
import { injecting } from '../helpers/inject';
import { program } from '../helpers/program';

const version = 'IP Virtual Server version 1.2.1 (size=256)\n';
const titles =
  'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';
const ENOMEM = 'Memory allocation problem\n';

/** The program with two services, the first with a server. `rule` alters the kernel's replies. */
async function altered(rule: string) {
  const { kernel, run } = program();
  const stdin = '-A -t 192.0.2.10:80\n-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m\n-A -t 192.0.2.11:80\n';
  await run('-R', { stdin });
  return (line: string) => run(line, { openTransport: () => injecting(kernel.open(), rule) });
}

describe('an error of the kernel', () => {
  test.each([
    [
      'for the services ends a listing after its version line',
      'err 4 12',
      '-Ln',
      { stdout: version, stderr: ENOMEM, status: 1 },
    ],
    [
      'for the servers ends it before their service',
      'err 8 12',
      '-Ln',
      { stdout: version + titles, stderr: ENOMEM, status: 1 },
    ],
    [
      'for one service ends its listing with nothing',
      'err 4 12',
      '-Ln -t 192.0.2.10:80',
      { stdout: '', stderr: ENOMEM, status: 1 },
    ],
    ['for the services ends a save', 'err 4 12', '-Sn', { stdout: '', stderr: ENOMEM, status: 1 }],
    [
      'for the servers ends a save before their service',
      'err 8 12',
      '-Sn',
      { stdout: '', stderr: ENOMEM, status: 1 },
    ],
    ['for the timeouts is silent', 'err 13 12', '-L --timeout', { stdout: '', stderr: '', status: 1 }],
    ['for the sync daemons is silent', 'err 11 12', '-L --daemon', { stdout: '', stderr: '', status: 1 }],
  ] as const)('%s', async (_name, rule, line, expected) => {
    const run = await altered(rule);
    expect(await run(line)).toEqual(expected);
  });
});

test('a server without a mandatory attribute ends the listing with the message for EINVAL', async () => {
  const run = await altered('dest * 4 del');
  expect(await run('-Ln')).toEqual({
    stdout: version + titles,
    stderr: 'Invalid operation.  Possibly wrong module version, address not unicast, ...\n',
    status: 1,
  });
});

test('names are looked up once, together', async () => {
  const { kernel, run } = program();
  await run('-R', { stdin: '-A -t 192.0.2.10:80\n-a -t 192.0.2.10:80 -r 192.0.2.10:80 -m\n' });
  expect(await run('-L', { hosts: '192.0.2.10 vip.test\n' })).toEqual({
    stdout: `${version}${titles}TCP  vip.test:http wlc\n  -> vip.test:http                Masq    1      0          0         \n`,
    stderr: '',
    status: 0,
  });
  expect(kernel.entries.length).toBe(1);
});

test('a long listing is written in blocks', async () => {
  const kernel = new FakeKernel();
  const { run } = program();
  const stdin = Array.from({ length: 3000 }, (_, index) => `-A -f ${index + 1}\n`).join('');
  const openTransport = () => kernel.open();
  await run('-R', { stdin, openTransport });
  let writes = 0;
  const { stdout } = await run('-Ln', {
    openTransport,
    onWrite: () => {
      writes += 1;
    },
  });
  const expected = Array.from({ length: 3000 }, (_, index) => `FWM  ${index + 1} wlc\n`).join('');
  expect({ same: stdout === version + titles + expected, few: writes < 5 }).toEqual({
    same: true,
    few: true,
  });
});

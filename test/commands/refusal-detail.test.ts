/** What a subcommand adds to the C program's sentence for a refusal. */
import { runSubcommand } from '../../src/commands';
import { errno } from '../../src/errors/errno';
import { ipvsCommands } from '../../src/ipvs/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { injecting } from '../helpers/inject';
import { runIn } from '../helpers/test-system';

const before = [
  '-A -t 192.0.2.10:80 -s wrr',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3',
  '-A -f 7 -6',
  '--start-daemon backup --mcast-interface lo',
].join('\n');
const files = { '/proc/net/dev': 'Inter-|\n face |bytes\n    lo: 0\n  ens3: 0\n' };

async function run(line: string, refuse: Partial<Record<number, number>> = {}, rules = before) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  kernel.refuse = (command) => refuse[command] ?? 0;
  const { stdout, stderr, status } = await runIn(
    { args: line.split(' '), files, openTransport },
    runSubcommand,
  );
  return { stdout, message: stderr.split('\n')[0], status };
}

const services = 'it has tcp:192.0.2.10:80, fwmark:7:ipv6';
const { newService, newDest, setConfig, newDaemon, delDest, flush } = ipvsCommands;

test.each<[line: string, message: string, refuse?: Partial<Record<number, number>>]>([
  [
    'service delete --tcp 192.0.2.1:80',
    `No such service: the table has no service tcp:192.0.2.1:80; ${services}`,
  ],
  ['zero --tcp 192.0.2.1:80', `No such service: the table has no service tcp:192.0.2.1:80; ${services}`],
  [
    'server add -f 7 -r 10.0.0.1',
    'Service not defined: the table has no service fwmark:7; it has fwmark:7:ipv6, tcp:192.0.2.10:80',
  ],
  [
    'server drain -t 192.0.2.1:80 -r 10.0.0.17:8080',
    `Service not defined: the table has no service tcp:192.0.2.1:80; ${services}`,
  ],
  [
    'service add --tcp 192.0.2.10:80',
    'Service already exists: tcp:192.0.2.10:80: change it with service set',
  ],
  [
    'service add --fwmark 1 --scheduler wr',
    "Scheduler or persistence engine not found: there is no scheduler 'wr'; did you mean 'rr'?",
    { [newService]: errno.ENOENT },
  ],
  [
    'service add --fwmark 1 --scheduler rr',
    "Scheduler or persistence engine not found: the kernel has no module for scheduler 'rr'",
    { [newService]: errno.ENOENT },
  ],
  [
    'service add --fwmark 1 --scheduler rr --pe spi --persistent 9',
    "Scheduler or persistence engine not found: there is no persistence engine 'spi'; did you mean 'sip'?",
    { [newService]: errno.ENOENT },
  ],
  [
    'server add -t 192.0.2.10:80 -r 10.0.0.17:8080 -m',
    'Destination already exists: tcp:192.0.2.10:80 has 10.0.0.17:8080 (masquerading, weight 3): change it with server set',
  ],
  [
    'server delete -t 192.0.2.10:80 -r 10.0.0.17',
    'No such destination: tcp:192.0.2.10:80 has no real server 10.0.0.17:80; it has 10.0.0.17:8080',
  ],
  [
    'server delete -f 7 -6 -r 2001:db8::1',
    'No such destination: fwmark:7:ipv6 has no real server [2001:db8::1]:0; it has no real servers',
  ],
  [
    'server add -t 192.0.2.10:80 -r 10.0.0.1',
    'Invalid operation.  Possibly wrong module version, address not unicast, ...: 10.0.0.1:80 of tcp:192.0.2.10:80',
    { [newDest]: errno.EINVAL },
  ],
  [
    'server delete -t 192.0.2.10:80 -r 10.0.0.1',
    'Permission denied (you must be root): 10.0.0.1:80 of tcp:192.0.2.10:80',
    { [delDest]: errno.EPERM },
  ],
  [
    'set-timeouts 1 2 3',
    'Invalid operation.  Possibly wrong module version, address not unicast, ...: timeouts 1 2 3',
    { [setConfig]: errno.EINVAL },
  ],
  [
    'daemon start master',
    "No such device: there is no interface 'eth0' (the default): give --mcast-interface one of lo, ens3",
    { [newDaemon]: errno.ENODEV },
  ],
  [
    'daemon start master --mcast-interface ens4',
    "No such device: there is no interface 'ens4': give --mcast-interface one of lo, ens3",
    { [newDaemon]: errno.ENODEV },
  ],
  [
    'daemon start backup --mcast-interface lo',
    'Daemon has already run: running: backup on lo: stop it with daemon stop backup',
    { [newDaemon]: errno.EEXIST },
  ],
  ['daemon stop master', 'No daemon is running: no master daemon is running; running: backup on lo'],
  ['clear', 'Permission denied (you must be root)', { [flush]: errno.EPERM }],
])('%s', async (line, message, ...[refuse]) => {
  expect(await run(line, refuse)).toEqual({ stdout: '', message, status: 255 });
});

test('an empty table, and a table of many services', async () => {
  const many = Array.from({ length: 9 }, (_, index) => `-A -f ${index + 1}`).join('\n');
  expect((await run('service delete -f 10', {}, '')).message).toBe(
    'No such service: the table has no service fwmark:10; it has no services',
  );
  expect((await run('list -f 10', {}, many)).message).toBe(
    'No such service: the table has no service fwmark:10; it has fwmark:1, fwmark:2, fwmark:3, fwmark:4, fwmark:5 and 4 more',
  );
});

test('a table that cannot be read costs the suggestions only', async () => {
  const { getService } = ipvsCommands;
  const world = {
    args: ['service', 'delete', '-f', '1'],
    openTransport: () => injecting(new FakeKernel().open(), `err ${getService} ${errno.EPERM}`),
  };
  const { stderr } = await runIn(world, runSubcommand);
  expect(stderr.split('\n')[0]).toBe('No such service: fwmark:1');
});

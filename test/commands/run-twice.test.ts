/** --exist-ok, --missing-ok and several real servers at once, on the fake kernel. */
import { runSubcommand } from '../../src/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const before = ['-A -t 192.0.2.10:80 -s wrr', '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3'].join('\n');
const WEB = '--tcp 192.0.2.10:80';

async function play(line: string) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: before, openTransport }, main);
  const outcome = await runIn({ args: line.split(' '), openTransport }, runSubcommand);
  const { stdout: table } = await runIn({ args: ['-Sn'], openTransport }, main);
  return { ...outcome, table: table.trimEnd() };
}

test.each([
  ['a service as it is', `service add ${WEB} -s wrr --exist-ok`, ''],
  [
    'a service that is another',
    `service add ${WEB} -s rr -p 60 --exist-ok`,
    'ipvsadm: tcp:192.0.2.10:80 has --scheduler wrr instead of --scheduler rr, no --persistent instead of --persistent 60: change it with service set\n',
  ],
  ['a server as it is', `server add ${WEB} -r 10.0.0.17:8080 -m -w 3 --exist-ok`, ''],
  [
    'a server that is another',
    `server add ${WEB} -r 10.0.0.17:8080 -m --exist-ok`,
    'ipvsadm: 10.0.0.17:8080 of tcp:192.0.2.10:80 has --weight 3 instead of --weight 1: change it with server set\n',
  ],
  ['no service', 'service delete --tcp 192.0.2.11:80 --missing-ok', ''],
  ['no server', `server delete ${WEB} -r 10.0.0.19 --missing-ok`, ''],
  ['no server of no service', 'server delete -t 192.0.2.11:80 -r 10.0.0.19 --missing-ok', ''],
  ['no server to drain', `server drain ${WEB} -r 10.0.0.19 --missing-ok`, ''],
  ['no server to wait for', `server drain ${WEB} -r 10.0.0.19 --wait --missing-ok`, ''],
])('it passes over %s', async (_name, line, stderr) => {
  expect(await play(line)).toEqual({ status: 0, stdout: '', stderr, table: before });
});

test.each([
  [
    'that exists',
    `service add ${WEB} -s wrr`,
    /^Service already exists: tcp:192\.0\.2\.10:80: change it with service set\n/,
  ],
  [
    'that is missing, where another thing is wrong',
    `service add --tcp 192.0.2.11:80 -s nosuch --exist-ok`,
    /^Scheduler or persistence engine not found/,
  ],
])('without the option, or for another reason, it refuses %s', async (_name, line, stderr) => {
  const outcome = await play(line);
  expect(outcome.status).toBe(255);
  expect(outcome.stderr).toMatch(stderr);
  expect(outcome.table).toBe(before);
});

test('several servers get the same attributes', async () => {
  expect(await play(`server add ${WEB} -r 10.0.0.18:8080 -r 10.0.0.19:8080 -m -w 2`)).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
    table: `${before}\n-a -t 192.0.2.10:80 -r 10.0.0.18:8080 -m -w 2\n-a -t 192.0.2.10:80 -r 10.0.0.19:8080 -m -w 2`,
  });
});

test('several servers go at once', async () => {
  const { table, status } = await play(
    `server delete ${WEB} -r 10.0.0.17:8080 -r 10.0.0.18:8080 --missing-ok`,
  );
  expect({ table, status }).toEqual({ status: 0, table: '-A -t 192.0.2.10:80 -s wrr' });
});

test('a refusal in the middle tells what was done before', async () => {
  const { status, stderr, table } = await play(
    `server add ${WEB} -r 10.0.0.18:8080 -r 10.0.0.17:8080 -r 10.0.0.19:8080 -m`,
  );
  expect(status).toBe(255);
  expect(stderr).toMatch(
    /^ipvsadm: 1 of 3 changes were made before this:\nDestination already exists: .*10\.0\.0\.17:8080/,
  );
  expect(table).toBe(`${before}\n-a -t 192.0.2.10:80 -r 10.0.0.18:8080 -m -w 1`);
});

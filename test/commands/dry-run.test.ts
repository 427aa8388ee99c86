/** --dry-run: what is printed is what diff prints, and nothing is changed. */
import { runSubcommand } from '../../src/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const rules = ['-A -t 192.0.2.10:80 -s wrr', '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3'].join('\n');
const WEB = '--tcp 192.0.2.10:80';
const SERVER = `${WEB} -r 10.0.0.17:8080`;
const HEAD = '--- the table\n+++ the table after it\n';
const [SERVICE_LINE, SERVER_LINE] = rules.split('\n');

async function play(line: string, world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  const lockTable = () => {
    throw new Error('a rehearsal needs no lock');
  };
  const all = { args: line.split(' '), openTransport, lockTable, ...world };
  const outcome = await runIn(all, runSubcommand);
  const { stdout } = await runIn({ args: ['-Sn'], openTransport }, main);
  expect(stdout.trimEnd()).toBe(rules);
  return outcome;
}

test.each<[string, string, Partial<TestWorld>?]>([
  ['service add --fwmark 7 -s rr', '+ -A -f 7 -s rr'],
  [`service set ${WEB} -s rr`, `- ${SERVICE_LINE}\n+ -A -t 192.0.2.10:80 -s rr`],
  [`service delete ${WEB}`, `- ${SERVICE_LINE}\n- ${SERVER_LINE}`],
  [
    `server add ${WEB} -r 10.0.0.18 -r 10.0.0.19 -m`,
    `  ${SERVICE_LINE}\n+ -a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1\n+ -a -t 192.0.2.10:80 -r 10.0.0.19:80 -m -w 1`,
  ],
  [
    `server set ${SERVER} --weight 5`,
    `  ${SERVICE_LINE}\n- ${SERVER_LINE}\n+ -a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 5`,
  ],
  [
    `server drain ${SERVER}`,
    `  ${SERVICE_LINE}\n- ${SERVER_LINE}\n+ -a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 0`,
  ],
  [`server delete ${SERVER}`, `  ${SERVICE_LINE}\n- ${SERVER_LINE}`],
  ['clear', `- ${SERVICE_LINE}\n- ${SERVER_LINE}`],
  ['set-timeouts --tcp 60', '- --set 900 120 300\n+ --set 60 120 300'],
  ['daemon start master --mcast-interface eth0', '+ --start-daemon master --mcast-interface eth0 --syncid 0'],
  ['restore', '+ -A -f 7 -s rr', { stdin: '-A -f 7 -s rr\n' }],
  ['restore file', '+ -A -f 7 -s rr', { files: { file: '-A -f 7 -s rr\n' } }],
])('%s', async (line, changes, ...[world]) => {
  const stdout = `${HEAD}${changes}\n`;
  expect(await play(`${line} --dry-run`, world)).toEqual({ status: 1, stdout, stderr: '' });
});

test.each([
  ['zero', '-Z'],
  [`zero ${WEB}`, '-Z -t 192.0.2.10:80'],
])('%s has no part in a table, and is printed alone', async (line, rule) => {
  expect(await play(`${line} --dry-run`)).toEqual({ status: 1, stdout: `+ ${rule}\n`, stderr: '' });
  expect((await play(`${line} --dry-run --quiet`)).stdout).toBe('');
});

test.each([
  `server set ${SERVER} --weight 3`,
  `server add ${SERVER} --masquerading --weight 3 --exist-ok`,
  'service delete --fwmark 7 --missing-ok',
  `server drain ${WEB} -r 10.0.0.99 --missing-ok`,
  'set-timeouts --udp 300',
])('nothing would change: %s', async (line) => {
  expect(await play(`${line} --dry-run`)).toEqual({ status: 0, stdout: '', stderr: '' });
});

test.each([
  [`service add ${WEB}`, 'Service already exists'],
  ['service delete --fwmark 7', 'No such service'],
  ['zero --fwmark 7', 'No such service'],
  [`server add ${SERVER} -m`, 'Destination already exists'],
  [`server edit ${WEB} -r 10.0.0.99`, 'No such destination'],
  ['daemon stop backup', 'No daemon is running'],
])('what the kernel would refuse is refused: %s', async (line, sentence) => {
  const { status, stdout, stderr } = await play(`${line} --dry-run`);
  expect([status, stdout, stderr.split(':')[0]!.split('\n')[0]]).toEqual([255, '', sentence]);
});

test('the second of two that exclude each other is refused', async () => {
  const { status, stdout, stderr } = await play(`server add ${WEB} -r 10.0.0.18 -r 10.0.0.18 --dry-run`);
  expect([status, stdout]).toEqual([255, '']);
  expect(stderr).toContain('1 of 2 changes would be made before this');
});

test('a file of which a part is refused prints the rest', async () => {
  const files = { file: '-A -f 7 -s rr\n-A -t 192.0.2.10:80\n' };
  const { status, stdout, stderr } = await play('restore file --dry-run', { files });
  expect([status, stdout]).toEqual([255, `${HEAD}+ -A -f 7 -s rr\n`]);
  expect(stderr).toContain('file:2:');
  expect(stderr).toContain('ipvsadm: 1 of 2 changes would be refused');
});

test.each([
  ['restore file --check --dry-run', '--check'],
  [`server drain ${SERVER} --wait --dry-run`, '--wait'],
])('%s contradicts itself', async (line, other) => {
  const { status, stderr } = await play(line);
  expect([status, stderr]).toEqual([2, expect.stringContaining(other)]);
});

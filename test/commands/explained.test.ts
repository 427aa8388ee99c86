/** Subcommands explain refusals without --explain. The classic syntax does not. */
import { runSubcommand } from '../../src/commands';
import { errno } from '../../src/errors/errno';
import { ipvsCommands } from '../../src/ipvs/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { type Outcome, runIn } from '../helpers/test-system';

const rules = `-A -t 192.0.2.10:80 -s wrr
-a -t 192.0.2.10:80 -r 10.0.0.1:80 -m
-a -t 192.0.2.10:80 -r 10.0.0.2:80 -m
-a -t 192.0.2.10:80 -r 10.0.0.3:80 -m
`;

/** A kernel that refuses one real server after the other, with these errors. */
function refusing(...errnos: number[]): FakeKernel {
  const kernel = new FakeKernel();
  kernel.refuse = (command) => (command === ipvsCommands.newDest ? (errnos.shift() ?? 0) : 0);
  return kernel;
}

async function run(line: string, kernel = new FakeKernel()): Promise<Outcome> {
  return await runIn(
    { args: line.split(' '), files: { rules }, openTransport: () => kernel.open() },
    runSubcommand,
  );
}

/** The first lines of explanations. */
const headings = ({ stderr }: Outcome) =>
  stderr.split('\n').filter((line) => line.includes(' was refused with '));

test('restore FILE explains each operation and errno once', async () => {
  const outcome = await run('restore rules', refusing(errno.EINVAL, errno.EINVAL, errno.ERANGE));
  expect(outcome.status).toBe(255);
  expect(headings(outcome)).toEqual([
    'ipvsadm: add-server was refused with EINVAL (22). Causes:',
    'ipvsadm: add-server was refused with ERANGE (34). No known cause.',
  ]);
  expect(outcome.stderr.match(/the kernel refused/g)).toHaveLength(3);
});

test('the real servers of a refused service are not reported', async () => {
  const kernel = new FakeKernel();
  kernel.refuse = (command) => (command === ipvsCommands.newService ? errno.ENOENT : 0);
  const outcome = await run('restore rules', kernel);
  expect(headings(outcome)).toEqual(['ipvsadm: add-service was refused with ENOENT (2). Causes:']);
  expect(outcome.stderr.match(/the kernel refused/g)).toHaveLength(1);
  expect(outcome.stderr).toMatch(/4 refused, 0 of 4 changes made\n$/);
});

test('apply explains why it undid its changes', async () => {
  const outcome = await run('apply rules', refusing(errno.EINVAL));
  expect(outcome.status).toBe(255);
  expect(headings(outcome)).toEqual(['ipvsadm: add-server was refused with EINVAL (22). Causes:']);
  expect(outcome.stderr).toMatch(/the table is as it was before\n$/);
});

test.each([
  'snapshot',
  'apply rules',
  'restore rules',
  'server set -t 1.2.3.4:5 -r 1.2.3.4:5 -w 0',
  'server drain -t 1.2.3.4:5 -r 1.2.3.4:5',
])('%s explains that there is no IPVS', async (line) => {
  const kernel = new FakeKernel();
  kernel.familyMissing = true;
  const outcome = await run(line, kernel);
  expect(outcome.status).toBe(2);
  expect(headings(outcome)).toEqual(['ipvsadm: connect was refused with ENOPROTOOPT (92). Causes:']);
});

test.each([
  ['service add --fwmark 1', ipvsCommands.newService],
  ['service edit --fwmark 1', ipvsCommands.setService],
  ['service delete --fwmark 1', ipvsCommands.delService],
  ['server add -f 1 -r 10.0.0.1', ipvsCommands.newDest],
  ['server edit -f 1 -r 10.0.0.1', ipvsCommands.setDest],
  ['server delete -f 1 -r 10.0.0.1', ipvsCommands.delDest],
  ['zero --fwmark 1', ipvsCommands.zero],
  ['clear', ipvsCommands.flush],
  ['set-timeouts 1 2 3', ipvsCommands.setConfig],
  ['daemon start master --mcast-interface lo', ipvsCommands.newDaemon],
  ['daemon stop master', ipvsCommands.delDaemon],
])('%s explains a refusal', async (line, refused) => {
  const kernel = new FakeKernel();
  kernel.refuse = (command) => (command === refused ? errno.EINVAL : 0);
  const outcome = await run(line, kernel);
  expect({ status: outcome.status, headings: headings(outcome).length }).toEqual({
    status: 255,
    headings: 1,
  });
});

test('the classic syntax prints only the message', async () => {
  const kernel = new FakeKernel();
  expect(await runIn({ args: ['-D', '-f', '1'], openTransport: () => kernel.open() }, main)).toEqual({
    stdout: '',
    stderr: 'No such service\n',
    status: 255,
  });
});

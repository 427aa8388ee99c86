/** realserver up --persist, and down. */
import { bytesFromUnicode } from '../../../src/bytes/unicode';
import { OutputError } from '../../../src/platform/system';
import { persistentPaths as paths, unitText } from '../../../src/setup/persist';
import { WholeMachine } from '../../helpers/whole-machine';

const line = 'realserver up 192.0.2.10 192.0.2.11 --interface eth0 --persist';
const all = [paths.sysctls, paths.options, paths.unit, paths.link];

test('the files are written once, and removed by down', async () => {
  const machine = new WholeMachine();
  const before = machine.state;
  const { stdout } = await machine.run(line);
  expect(stdout.trimEnd().split('\n').slice(-4)).toEqual(all.map((path) => `+ ${path}`));
  expect(machine.files[paths.options]).toContain(
    'OPTIONS="192.0.2.10 192.0.2.11 --method=direct --interface=eth0"\n',
  );
  expect(machine.files[paths.unit]).toBe(unitText('/opt/ipvsadm/bin/ipvsadm', '/opt/node/bin:/bin'));
  expect((await machine.run(line)).stdout).toBe('nothing to change\n');
  const { stdout: down } = await machine.run('realserver down');
  expect(down.split('\n').slice(0, 4)).toEqual(
    all
      .toReversed()
      .map((path) => `- ${path}`)
      .sort(byPlace),
  );
  expect(machine.state).toEqual(before);
});

test('--dry-run names the files and writes none', async () => {
  const machine = new WholeMachine();
  const before = machine.state;
  const { stdout } = await machine.run(`${line} --dry-run`);
  expect(stdout.trimEnd().split('\n').slice(-4)).toEqual(all.map((path) => `# writes ${path}`));
  expect(machine.state).toEqual(before);
});

/** As down removes them: what enables the unit first. */
function byPlace(one: string, other: string): number {
  const order = [paths.link, paths.unit, paths.options, paths.sysctls].map((path) => `- ${path}`);
  return order.indexOf(one) - order.indexOf(other);
}

test('a unit that the package has shipped is used', async () => {
  const machine = new WholeMachine();
  machine.files[paths.shippedUnit] = unitText('/usr/sbin/ipvsadm');
  const before = machine.state;
  await machine.run(line);
  expect(machine.files[paths.unit]).toBeUndefined();
  expect(machine.files[paths.link]).toBe(machine.files[paths.shippedUnit]);
  await machine.run('realserver down');
  expect(machine.state).toEqual(before);
});

test('a VIP that goes is taken out of the options; other options replace them', async () => {
  const machine = new WholeMachine();
  await machine.run(line);
  expect((await machine.run('realserver down 192.0.2.11')).stdout).toBe(
    `- ${paths.options}\n- address 192.0.2.11/32 on lo\n`,
  );
  expect(machine.files[paths.options]).toContain('OPTIONS="192.0.2.10 --method=direct --interface=eth0"\n');
  expect((await machine.run('realserver up 192.0.2.10 --persist --json')).stdout).toContain(paths.options);
  expect(machine.files[paths.options]).toContain('OPTIONS="192.0.2.10 --method=direct"\n');
});

test('a file that cannot be written', async () => {
  const machine = new WholeMachine();
  const { stderr, status } = await machine.run(line, {
    onReplace: (path, text) => {
      if (path === paths.options) throw new OutputError(30);
      machine.files[path] = text;
    },
  });
  expect(stderr).toBe(`ipvsadm: ${paths.options}: Read-only file system\n`);
  expect(status).not.toBe(0);
});

test.each([
  [
    'realserver up 192.0.2.10 --persist --method masquerading',
    '--persist: --method masquerading makes nothing that could be lost',
  ],
  ['realserver up 192.0.2.10 --persist --interface a$b', '--interface a$b is not the name of an interface'],
])('%s: a message, and nothing is changed', async (words, message) => {
  const machine = new WholeMachine();
  const before = machine.state;
  expect((await machine.run(words)).stderr).toContain(bytesFromUnicode(message));
  expect(machine.state).toEqual(before);
});

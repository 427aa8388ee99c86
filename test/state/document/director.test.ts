/** The part `director` of state documents of version 2. */
import { runSubcommand } from '../../../src/commands';
import { readDocument } from '../../../src/state/document/read';
import { parseJson } from '../../../src/state/source/parse-json';
import { FakeKernel } from '../../helpers/fake-kernel';
import { runIn } from '../../helpers/test-system';
import { WholeMachine } from '../../helpers/whole-machine';

const service = { protocol: 'tcp', address: '192.0.2.10', port: 80 };
const director = { interface: 'eth0', vips: ['192.0.2.10', '192.0.2.11/24', '2001:db8::10'], snat: true };

function read(document: object) {
  return readDocument(parseJson(JSON.stringify({ format: 'ipvsadm-state', ...document })));
}

/** The messages and hints of a document's errors. */
function errorsOf(document: object) {
  return read(document).problems.map(({ message, hint }) => [message, hint].filter(Boolean).join(': '));
}

test('the part is read beside the table', () => {
  const reading = read({ version: 2, director, services: [service] });
  expect(reading.director).toMatchObject(director);
  expect(reading.state.services).toHaveLength(1);
  expect(reading.problems).toMatchObject([
    { severity: 'note', message: 'only director up and director run use this part' },
  ]);
});

test('version 2 without the part, and version 1, are the same table', () => {
  const [one, two] = [1, 2].map((version) => read({ version, services: [service] }));
  expect(two).toMatchObject({ problems: [], director: undefined });
  expect(two!.state).toEqual(one!.state);
});

test.each<[object, string]>([
  [{ version: 1, director }, "'director' needs version 2: write 2 as the version"],
  [{ version: 3 }, "'version' must be 1 or 2, the versions that this ipvsadm reads"],
  [{}, "'version' is missing: it must be 1 or 2, the versions that this ipvsadm reads"],
  [{ version: 2, director: 7 }, "'director' must be an object"],
  [{ version: 2, director: { interface: '' } }, 'the name is empty'],
  [{ version: 2, director: { interface: 'an-interface-too-long' } }, 'the name is longer than 15 bytes'],
  [{ version: 2, director: { vips: '192.0.2.10' } }, "'vips' must be a list"],
  [{ version: 2, director: { vips: [7] } }, "this item of 'vips' must be a VIP, as a string"],
  [
    { version: 2, director: { vips: ['192.0.2.10/33'] } },
    "'192.0.2.10/33' is not a VIP: such as 192.0.2.10, 192.0.2.10/24 or 2001:db8::10",
  ],
  [
    { version: 2, director: { vips: ['127.0.0.1'] } },
    "'127.0.0.1' is not a VIP: such as 192.0.2.10, 192.0.2.10/24 or 2001:db8::10",
  ],
  [{ version: 2, director: { snat: 'yes' } }, "'snat' must be true or false"],
  [{ version: 2, director: { vip: [] } }, "unknown field 'vip': did you mean 'vips'?"],
  [{ version: 2, direktor: {} }, "unknown field 'direktor': did you mean 'director'?"],
])('%j: %s', (document, message) => {
  expect(errorsOf(document)).toEqual([message]);
});

const text = JSON.stringify({ format: 'ipvsadm-state', version: 2, director, services: [service] });

async function run(line: string) {
  const kernel = new FakeKernel();
  const world = { files: { 'lvs.json': text }, openTransport: () => kernel.open() };
  return await runIn({ ...world, args: line.split(' ') }, runSubcommand);
}

test('apply, diff and restore take the table and leave the part, convert keeps it', async () => {
  expect(await run('apply lvs.json')).toMatchObject({ stderr: '', status: 0 });
  expect(await run('restore lvs.json')).toMatchObject({ stderr: '', status: 0 });
  expect(await run('diff lvs.json')).toMatchObject({ stderr: '', status: 1 });
  const { stdout, status } = await run('convert --to json lvs.json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ version: 2, director, services: [service] });
});

test('restore --check says so', async () => {
  expect((await run('restore --check lvs.json')).stderr).toContain(
    'note: only director up and director run use this part',
  );
});

test('director up makes what the part says; flags win', async () => {
  const machine = new WholeMachine();
  machine.files['lvs.json'] = text.replace('"snat":true', '"snat":false');
  const addresses = async (flags: string) =>
    (await machine.run(`director up lvs.json --dry-run${flags}`)).stdout.match(/ip address .*/g);
  expect(await addresses('')).toEqual([
    'ip address add 192.0.2.10/32 dev eth0',
    'ip address add 192.0.2.11/24 dev eth0',
    'ip address add 2001:db8::10/128 dev eth0 nodad preferred_lft 0',
  ]);
  expect(await addresses(' --vip 192.0.2.12 --interface lo')).toEqual([
    'ip address add 192.0.2.12/32 dev lo',
  ]);
  machine.files['lvs.json'] = text.replace('eth0', 'eth7');
  expect((await machine.run('director up lvs.json')).stderr).toContain('eth7: this machine has lo, eth0');
});

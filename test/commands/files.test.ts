/** One grammar for files: FILE or -, --format for what is read, --to for what is written. */
import { runSubcommand } from '../../src/commands';
import { commands } from '../../src/commands/tree';
import { TransportError } from '../../src/netlink/errors';
import { OutputError } from '../../src/platform/system';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const rules =
  '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1\n' +
  '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 3 -x 9 -y 8\n';

async function table(more: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  const replaced: [string, string][] = [];
  const onReplace = (path: string, text: string) => replaced.push([path, text]);
  const run = (line: string, world: Partial<TestWorld> = {}) =>
    runIn({ args: line.split(' '), openTransport, onReplace, ...more, ...world }, runSubcommand);
  return { kernel, run, replaced };
}

const silent = { stdout: '', stderr: '', status: 0 };

test.each([
  'convert',
  'apply',
  'diff',
  'restore',
  'health:check',
  'director:up',
  'director:run',
  'director:reload',
])('%s has --format and --config-id, which are the same everywhere', (id) => {
  const { format, 'config-id': configId } = commands[id]!.flags;
  const { format: other, 'config-id': otherId } = commands.apply!.flags;
  expect([format!.description, configId!.description]).toEqual([other!.description, otherId!.description]);
});

describe('save FILE', () => {
  test('replaces the file by what save prints', async () => {
    const { run, replaced } = await table();
    const { stdout } = await run('save');
    expect(stdout).toBe(rules);
    expect(await run('save ipvsadm.rules')).toEqual(silent);
    expect(replaced).toEqual([['ipvsadm.rules', rules]]);
    expect(await run('save -')).toEqual({ ...silent, stdout: rules });
    expect(replaced).toHaveLength(1);
  });

  test('with --to it writes what snapshot writes', async () => {
    const { run, replaced } = await table();
    for (const to of ['json', 'yaml', 'keepalived']) {
      expect(await run(`save --to ${to}`)).toEqual(await run(`snapshot --to ${to}`));
    }
    await run('save --to json table.json');
    expect(replaced).toEqual([['table.json', (await run('snapshot')).stdout]]);
    expect(await run('save --to rules')).toEqual({ ...silent, stdout: rules });
    const { status, stderr } = await run('save --to json table.rules');
    expect([status, stderr]).toEqual([2, expect.stringContaining('--to json: table.rules is read as rules')]);
  });

  test('of a large table is all of it, in the same order', async () => {
    const { run, replaced, kernel } = await table();
    const [first] = kernel.entries[0]!.destinations;
    kernel.entries[0]!.destinations = Array.from({ length: 5000 }, (_, at) => ({
      ...first!,
      address: Buffer.from([10, 1, at >> 8, at & 255]),
    }));
    const { stdout } = await run('save');
    await run('save file');
    expect(stdout.length).toBeGreaterThan(200_000);
    expect(replaced).toEqual([['file', stdout]]);
  });

  test('leaves the file if the kernel refuses', async () => {
    const { run, replaced, kernel } = await table();
    let sent = 0;
    const openTransport = () => {
      const transport = kernel.open();
      const send = (datagram: Uint8Array) => {
        sent += 1;
        if (sent > 3) throw new TransportError('no memory', 12);
        transport.send(datagram);
      };
      return { ...transport, send };
    };
    const { stdout, status } = await run('save file', { openTransport });
    expect({ stdout, failed: status !== 0, replaced }).toEqual({ stdout: '', failed: true, replaced: [] });
  });

  test('says why the file cannot be written', async () => {
    const { run } = await table();
    const onReplace = () => {
      throw new OutputError(28);
    };
    expect(await run('save file', { onReplace })).toEqual({
      stdout: '',
      stderr: 'ipvsadm: cannot write file: No space left on device\n',
      status: 1,
    });
  });

  test.each(['table.json', 'link'])('%s, which would be read as something else, is refused', async (file) => {
    const { run, replaced } = await table({ links: { link: 'table.yaml' } });
    const { stderr, status } = await run(`save ${file}`);
    expect({ status, replaced }).toEqual({ status: 2, replaced: [] });
    expect(stderr).toContain("because of its name, and save writes rules: 'ipvsadm snapshot");
  });
});

test('the former names of --format and --to still work', async () => {
  const { run } = await table();
  const { stdout } = await run('snapshot --to rules');
  expect(await run('snapshot --format rules')).toEqual({ ...silent, stdout });
  expect(await run('snapshot --format=rules')).toEqual({ ...silent, stdout });
  const files = { web: rules };
  const converted = await run('convert --format rules --to yaml web', { files });
  expect(converted.stdout).toContain('format: ipvsadm-state');
  expect(await run('convert --from rules --to yaml web', { files })).toEqual(converted);
});

test.each(['convert', 'snapshot'])('help and completion of %s have the new names only', async (name) => {
  const { run } = await table();
  const { stdout } = await run(`${name} --help`);
  expect(stdout).toContain('--to=');
  expect(stdout).not.toMatch(name === 'convert' ? /--from/ : /--format/);
  const completion = await run('completion bash');
  const former = name === 'convert' ? '--from' : '--format';
  expect(completion.stdout).toMatch(new RegExp(`^former\t${name}\t${former}\t`, 'm'));
  expect(completion.stdout).not.toMatch(new RegExp(`^option\t${name}\t${former}\t`, 'm'));
});

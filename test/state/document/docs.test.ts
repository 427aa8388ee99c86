import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateDocs } from '../../../scripts/state-docs';
import { runSubcommand } from '../../../src/commands';
import { main } from '../../../src/program/classic';
import { checkTypes } from '../../../src/state/document/check-fields';
import { schemaProblems } from '../../../src/state/document/schema';
import { FakeKernel } from '../../helpers/fake-kernel';
import { runIn } from '../../helpers/test-system';

const docs = join(__dirname, '../../../docs');

test.each(Object.entries(stateDocs()))("docs/%s is what 'npm run docs:state' writes", (path, text) => {
  expect(readFileSync(join(docs, path), 'utf8')).toBe(text);
});

test('the documents of docs/state.md are valid', () => {
  const blocks = [...readFileSync(join(docs, 'state.md'), 'utf8').matchAll(/```json\n([\s\S]*?)```/g)];
  expect(blocks.length).toBeGreaterThan(0);
  for (const [, text] of blocks) expect(schemaProblems(JSON.parse(text!))).toEqual([]);
});

describe('docs/restore.md', () => {
  const text = readFileSync(join(docs, 'restore.md'), 'utf8');
  /** What stands below a command line of the page. */
  const shown = (command: string) => text.split(`# ${command}\n`)[1]!.split('```')[0]!;
  const run = (line: string, file: string) => {
    const kernel = new FakeKernel();
    const world = { files: { [file]: contents[file] }, openTransport: () => kernel.open() };
    const rules =
      '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 3\n-A -t 192.0.2.11:80 -s rr\n-D -t 192.0.2.11:80\n';
    return runIn({ ...world, args: ['-R'], stdin: rules }, main).then(() =>
      runIn({ ...world, args: line.split(' ').slice(1) }, runSubcommand),
    );
  };
  const contents: Record<string, string> = {
    'web.yaml': /```yaml\n([\s\S]*?)```/.exec(text)![1]!,
    'web.json':
      '{"format":"ipvsadm-state","version":1,"services":[\n' +
      '{"protocol":"tcp","address":"192.0.2.10","port":80,"shceduler":"rr","servers":[\n' +
      '  {"address":"10.0.0.1","weight":-1}]}\n]}\n',
  };

  test('shows what diff prints', async () => {
    const { stdout } = await run('ipvsadm diff web.yaml', 'web.yaml');
    expect(stdout).toBe(shown('ipvsadm diff web.yaml'));
  });

  test('shows what --check says', async () => {
    const { stderr } = await run('ipvsadm restore --check web.json', 'web.json');
    expect(stderr).toBe(shown('ipvsadm restore --check web.json'));
  });
});

describe('docs/checks.md', () => {
  const text = readFileSync(join(docs, 'checks.md'), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(text)![1]!;

  test('has an example and a row for every kind of check', () => {
    const found = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, type]) => type!))];
    expect(found(/\btype: (\w+)/g).sort()).toEqual([...checkTypes].sort());
    const [, kinds = ''] = text.split('\n## Kinds\n');
    const rows = [...kinds.split('\n## ')[0]!.matchAll(/^\| `(\w+)` /gm)].map(([, type]) => type!);
    expect(rows.sort()).toEqual([...checkTypes].sort());
  });

  test('has examples that restore --check accepts, all of them in use', async () => {
    const kernel = new FakeKernel();
    const { stdout, stderr, status } = await runIn(
      {
        args: ['restore', '--check', '--strict', 'lvs.yaml'],
        files: { 'lvs.yaml': example },
        openTransport: () => kernel.open(),
      },
      runSubcommand,
    );
    const told = stderr
      .split('\n')
      .flatMap((line) => /^lvs\.yaml:\d+:\d+: (note|warning|error): /.exec(line)?.[1] ?? []);
    expect({ stdout, status, told }).toEqual({
      stdout: 'lvs.yaml: 7 services, 10 real servers\n',
      status: 0,
      told: ['note', 'note', 'note'], // only director run checks; what via: path needs
    });
  });
});

test('docs/import.md shows what convert prints', async () => {
  const text = readFileSync(join(docs, 'import.md'), 'utf8');
  const kernel = new FakeKernel();
  const { stdout, stderr, status } = await runIn(
    {
      args: ['convert', '--to', 'rules', 'keepalived.conf'],
      files: { 'keepalived.conf': /```keepalived\n([\s\S]*?)```/.exec(text)![1]! },
      openTransport: () => kernel.open(),
    },
    runSubcommand,
  );
  const shown = text
    .split('# ipvsadm convert --to rules keepalived.conf 2>notes; cat notes\n')[1]!
    .split('```')[0]!;
  expect({ shown: stdout + stderr, status }).toEqual({ shown, status: 0 });
});

/** Commands that change a table which the director daemon tends. */
import { runSubcommand } from '../../src/commands';
import {
  DIRECTOR_SOCKET,
  type DirectorAnswer,
  type DirectorQuestion,
} from '../../src/platform/director-system';
import { readDocument } from '../../src/state/document/read';
import { isError } from '../../src/state/source/diagnostics';
import { parseJson } from '../../src/state/source/parse-json';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const service = '{"protocol": "tcp", "address": "192.0.2.10", "port": 80, "scheduler": "rr", "servers": []}';
const document = (version: number) =>
  `{"format": "ipvsadm-state", "version": ${version}, "services": [${service}]}`;
const rules = '-A -t 192.0.2.10:80 -s rr\n';
const files = { 'v1.json': document(1), 'v2.json': document(2), rules, [DIRECTOR_SOCKET]: '' };
const tends = ['tcp:192.0.2.10:80'];

async function run(line: string, world: Partial<TestWorld> & { answer?: unknown; namespace?: string } = {}) {
  const asked: DirectorQuestion[] = [];
  const kernel = new FakeKernel();
  const askDirector = (question: DirectorQuestion): DirectorAnswer => {
    asked.push(question);
    const told = { namespace: world.namespace ?? '1', services: world.answer ?? tends };
    const text =
      question.method === 'GET' ? JSON.stringify(told) : '{"ok":true,"text":"generation 2 is in effect"}';
    return { status: 200, text };
  };
  const outcome = await runIn(
    {
      args: line.split(' '),
      openTransport: () => kernel.open(),
      loadModule() {},
      files,
      askDirector,
      ...world,
    },
    runSubcommand,
  );
  const bodies = asked.flatMap(({ method, body }) => (method === 'POST' ? [body] : []));
  return { ...outcome, asked, bodies, services: kernel.entries.length };
}

const given = (name: string) =>
  `ipvsadm: the director daemon tends this table: it takes ${name} as its document (--no-daemon: it is not asked)\n`;
const note =
  'ipvsadm: note: the director daemon tends tcp:192.0.2.10:80: it takes weights over, and puts the rest back within ' +
  "5 s; 'director reload FILE' gives it another file\n";

describe('apply', () => {
  test.each(['v1.json', 'v2.json'])('gives %s to the daemon', async (name) => {
    const { stdout, stderr, status, bodies, services } = await run(`apply ${name} --confirm 60s`);
    expect({ stdout, stderr, status, services }).toEqual({
      stdout: 'generation 2 is in effect\n',
      stderr: given(name),
      status: 0,
      services: 0,
    });
    const text = document(name === 'v1.json' ? 1 : 2);
    expect(bodies).toEqual([{ text, name, confirm: 60_000, author: 'root' }]);
  });

  test.each([
    ['--no-daemon: without asking, but with a note', 'apply --no-daemon v2.json', {}, note],
    ['rules, which the daemon does not read', 'apply rules', {}, note],
    ['a file for other services', 'apply v1.json', { answer: ['tcp:192.0.2.99:80'] }, ''],
    ['a daemon of another network namespace', 'apply v2.json', { namespace: '4026539999' }, ''],
    ['an answer that is none', 'apply v2.json', { askDirector: () => ({ status: 200, text: '<html>' }) }, ''],
    [
      'a socket at which nobody answers',
      'apply v2.json',
      { askDirector: () => ({ failure: 'ECONNREFUSED' }) },
      '',
    ],
  ] as const)('changes the kernel: %s', async (_, line, world, stderr) => {
    const outcome = await run(line, world);
    expect(outcome).toMatchObject({ stderr, status: 0, services: 1, bodies: [] });
  });

  test('asks nobody without a socket, or for a dry run', async () => {
    const without = await run('apply v2.json', { files: { 'v2.json': document(2) } });
    const dry = await run('apply v2.json --dry-run');
    expect([without.asked, without.status, without.services, dry.asked]).toEqual([[], 0, 1, []]);
  });

  test.each(['apply --format json v2.json', 'apply --format json v1.json', 'apply lvs.cf'])(
    '%s: a file that the daemon might read otherwise is sent as a state document',
    async (line) => {
      const cf = 'virtual = 192.0.2.10:80\n\treal = 10.0.0.17:80 gate\n\tprotocol = tcp\n\tchecktype = off\n';
      const { bodies } = await run(line, { files: { ...files, 'lvs.cf': cf } });
      const name = `${line.split(' ').at(-1)}, converted`;
      expect(bodies).toEqual([
        expect.objectContaining({ name, text: expect.stringContaining('"192.0.2.10"') }),
      ]);
      const { text } = bodies[0] as { text: string };
      expect(readDocument(parseJson(text)).problems.filter(isError)).toEqual([]);
    },
  );

  test.each([
    ['apply v2.json --only tcp:192.0.2.10:80', {}, '--only: the director daemon tends this table'],
    ['apply v2.json --keep-weights', {}, '--keep-weights: the director daemon tends this table'],
    ['apply rules --confirm 60s', {}, '--confirm: the director daemon does not take this file'],
    [
      'apply v2.json --confirm 60s',
      { files: { 'v2.json': document(2) } },
      '--confirm: no director daemon runs here',
    ],
  ])('%s is refused, and changes nothing', async (line, world, message) => {
    const { stderr, status, bodies, services } = await run(line, world);
    expect([status, bodies, services]).toEqual([2, [], 0]);
    expect(stderr).toContain(message);
  });
});

describe('director reload', () => {
  const conf =
    'virtual_server 192.0.2.10 80 {\n    @lb01 lvs_sched sh\n    @lb02 lvs_sched mh\n    protocol TCP\n' +
    '    real_server 10.0.0.17 80 {\n    }\n}\n';
  const reload = (line: string) =>
    run(line, { files: { ...files, 'keepalived.conf': conf, web: document(2) } });

  test('gives the daemon the text of a file', async () => {
    const { stdout, status, bodies } = await reload('director reload v2.json');
    expect({ stdout, status }).toEqual({ stdout: 'generation 2 is in effect\n', status: 0 });
    expect(bodies).toEqual([{ text: document(2), name: 'v2.json', author: 'root' }]);
  });

  test.each([
    ['lb01', 'sh'],
    ['lb02', 'mh'],
  ])(
    'with --config-id %s reads the lines of that machine, and gives it a document',
    async (id, scheduler) => {
      const { status, bodies } = await reload(`director reload keepalived.conf --config-id ${id} -q`);
      expect([status, bodies.length]).toEqual([0, 1]);
      const { name, text } = bodies[0] as { name: string; text: string };
      expect(name).toBe('keepalived.conf, converted');
      expect(readDocument(parseJson(text)).state.services).toMatchObject([{ service: { scheduler } }]);
    },
  );

  test('with --format reads a file of any name', async () => {
    const { bodies } = await reload('director reload web --format json');
    expect(bodies).toEqual([expect.objectContaining({ name: 'web, converted' })]);
  });

  test.each(['web --format keepalived', 'web --format rules', 'gone --config-id lb01'])(
    'gives nothing if the file is wrong: %s',
    async (words) => {
      const { status, asked } = await reload(`director reload ${words}`);
      expect([status, asked]).toEqual([2, []]);
    },
  );
});

test.each([
  ['service add --tcp 192.0.2.10:80 --scheduler rr', note],
  ['service add --tcp 192.0.2.11:80 --scheduler rr', ''],
  ['restore v1.json', note],
  ['clear', note],
  ['zero', ''],
])('%s is carried out, and noted if the daemon tends the service', async (line, stderr) => {
  expect(await run(line)).toMatchObject({ stderr, status: 0, bodies: [] });
});

/** Large files, and small ones that stand for large tables: bounded by counts and by memory. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Alias } from 'yaml';
import { type ReadState, readState } from '../../../src/state/files/read';
import { formatProblems } from '../../../src/state/source/diagnostics';
import { MAX_PROBLEMS } from '../../../src/state/source/problem-list';
import { FakeKernel } from '../../helpers/fake-kernel';
import { testNames } from '../../helpers/test-names';
import { runIn } from '../../helpers/test-system';

const MINUTES = 60_000;

async function read(name: string, text: string): Promise<ReadState> {
  let state: ReadState | undefined;
  const context = { programName: 'ipvsadm', posix: false, names: testNames };
  const world = { args: [], files: { [name]: text }, openTransport: () => new FakeKernel().open() };
  await runIn(world, async (system) => {
    state = await readState(name, system, context, { complete: true });
    return 0;
  });
  return state!;
}

const firstLine = ({ source, problems }: ReadState) => formatProblems(source, problems).split('\n')[0];

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

const address = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

/** Reads a text of test/helpers/read-large.ts with at most `megabytes` of memory for objects. */
function readLarge(name: string, megabytes: number): string {
  const helper = join(__dirname, '../../helpers/read-large.ts');
  return execFileSync(
    process.execPath,
    [`--max-old-space-size=${megabytes}`, '--import', 'tsx', helper, name],
    { encoding: 'utf8' },
  );
}

describe('memory', () => {
  test.each(['table.json', 'table.yaml', 'table.rules'])(
    '%s of 100,000 real servers needs a kilobyte for each, and what Node itself needs',
    (name) => {
      expect(readLarge(name, 150)).toBe('1000 services, 100000 servers\n');
    },
    MINUTES,
  );

  test.each([
    ['numbers.json', 300, 'numbers.json:1:16000000: the document has more than 8000000 values'],
    ['numbers.yaml', 200, 'numbers.yaml:1:3750000: more than 1250000 values in this form of YAML'],
    ['words.yaml', 200, 'words.yaml:1:16000001: more than 16 MB in this form of YAML'],
    ['shared.yaml', 100, 'shared.yaml:1003:27: more than 1000000 services and real servers'],
  ])(
    '%s is refused within %i MB, with the place that exceeds the limit',
    (name, megabytes, expected) => {
      expect(readLarge(name, megabytes).split('\n').slice(0, 2)).toEqual(['0 services, 0 servers', expected]);
    },
    MINUTES,
  );
});

describe('8,000 services that share one list of servers', () => {
  const services = (servers: string, alias: string) =>
    lines(8000, (index) => `- {fwmark: ${index + 1}, servers: ${index === 0 ? servers : alias}}\n`);
  const servers = `[${Array.from({ length: 12 }, (_, index) => `{address: ${address(index)}}`).join(', ')}]`;

  test.each([
    ['in the usual form', ''],
    ['in a form that the yaml package reads', '%YAML 1.2\n---\n'],
  ])('%s: no alias is looked for in the document', async (_name, head) => {
    const resolve = jest.spyOn(Alias.prototype, 'resolve');
    try {
      const text = `${head}format: ipvsadm-state\nversion: 1\nservices:\n${services(`&all ${servers}`, '*all')}`;
      const { state, problems } = await read('a.yaml', text);
      expect(problems).toEqual([]);
      expect(state.services).toHaveLength(8000);
      expect(state.services!.every((entry) => entry.servers.length === 12)).toBe(true);
      expect(resolve).not.toHaveBeenCalled();
    } finally {
      resolve.mockRestore();
    }
  });
});

describe('a document that is nothing', () => {
  test.each([
    ['a.json', 'null', 'a.json:1:1: the document must be an object'],
    ['a.json', ' 7 ', 'a.json:1:2: the document must be an object'],
    ['a.yaml', 'null\n', 'a.yaml:1:1: the document must be an object'],
    ['a.yaml', '~\n', 'a.yaml:1:1: the document must be an object'],
    ['a.yaml', '# c\n~', 'a.yaml:2:1: the document must be an object'],
    ['a.yaml', '--- null\n...\n', 'a.yaml:1:5: the document must be an object'],
    ['a.yaml', '[]', 'a.yaml:1:1: the document must be an object'],
    ['a.yaml', '*a', 'a.yaml:1:1: there is no anchor &a'],
    ['a.yaml', '---\n', 'a.yaml:1:4: the document must be an object'],
  ])('%s %j', async (name, text, expected) => {
    const state = await read(name, text);
    expect({ first: firstLine(state), good: state.good }).toEqual({ first: expected, good: false });
  });
});

describe('a mistake in each of 130,000 real servers', () => {
  const json = (server: (index: number) => string) =>
    `{"format":"ipvsadm-state","version":1,"services":[{"fwmark":1,"servers":[\n${lines(130_000, (index) => `${index > 0 ? ',\n' : ''}${server(index)}`)}]}]}`;

  test.each([
    [
      'a misspelt field',
      'a.json',
      json((index) => `{"address":"${address(index)}","wieght":1}`),
      `a.json:2:23: unknown field 'wieght'`,
    ],
    [
      'a value of another type',
      'a.json',
      json((index) => `{"address":"${address(index)}","weight":"1"}`),
      "a.json:2:32: 'weight' must be a whole number from 0 to 2147483647",
    ],
    [
      'the same address',
      'a.json',
      json(() => '{"address":"10.0.0.1"}'),
      'a.json:3:1: duplicate real server 10.0.0.1:0',
    ],
    [
      'an unknown word',
      'rules',
      `-A -f 1\n${lines(130_000, (index) => `-a -f 1 -r ${address(index)} --wieght 1\n`)}`,
      'rules:2:21: --wieght: unknown option',
    ],
    [
      'a misspelt field in YAML',
      'a.yaml',
      `format: ipvsadm-state\nversion: 1\nservices:\n- fwmark: 1\n  servers:\n${lines(130_000, (index) => `  - address: ${address(index)}\n    wieght: 1\n`)}`,
      `a.yaml:7:5: unknown field 'wieght'`,
    ],
  ])('%s: the first are reported, and that there are more', async (_name, file, text, expected) => {
    const state = await read(file, text);
    expect(firstLine(state)).toBe(expected);
    expect(state.problems).toHaveLength(MAX_PROBLEMS + 1);
    expect(state.problems.at(-1)!.message).toBe(`more than ${MAX_PROBLEMS} errors: the rest is not reported`);
  });
});

describe('a text of 16 MB', () => {
  const long = 'ab'.repeat(7_900_000);
  const head = '"format":"ipvsadm-state","version":1';
  test.each([
    ['a.json', `{"format":"${long}"}`, "a.json:1:1: 'version' is missing"],
    ['a.json', `{"${long}":1}`, "a.json:1:1: 'format' is missing"],
    [
      'a.json',
      `{${head},"services":[{"fwmark":1,"scheduler":"${long}"}]}`,
      'a.json:1:75: the name is longer',
    ],
    ['a.json', `{${head},"services":[{"fwmark":1,"unknown":{"12":"${long}"}}]}`, undefined],
    ['a.json', `{"format":"${long}`, 'a.json:1:11: unterminated string'],
    ['a.yaml', `format: "${long}"\n`, "a.yaml:1:1: 'version' is missing"],
    ['a.yaml', `format: "\\x41${long}"\n`, "a.yaml:1:1: 'version' is missing"],
    ['a.yaml', `format: '${long}`, 'a.yaml:1:'],
    ['a.yaml', `"${'["'.repeat(7_900_000)}`, 'a.yaml:1:'],
    ['rules', long, 'rules:1:1: the line is longer than 65536 characters'],
    ['rules', '\n'.repeat(16_000_000), 'rules: is empty'],
  ])('%s, case %#: is read without a stack overflow', async (name, text, expected) => {
    const state = await read(name, text);
    if (expected === undefined) expect(state.good).toBe(true);
    else expect(firstLine(state)?.slice(0, expected.length)).toBe(expected);
  });
});

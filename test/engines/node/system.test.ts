import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toText } from '../../../src/bytes/byte-text';
import { byteArguments, nodeSystem } from '../../../src/engines/node/system';

describe('the name that messages use', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test.each([
    ['is bare where PATH leads to it', '/usr/sbin/ipvsadm', '/bin:/usr/sbin', 'ipvsadm'],
    ['is the complete path elsewhere', '/opt/lvs/bin/ipvsadm', '/bin:/usr/sbin', '/opt/lvs/bin/ipvsadm'],
    ['is a relative path as it was typed', './ipvsadm', '/bin', './ipvsadm'],
    ['is another name of the program', '/usr/sbin/lvs', '/usr/sbin', 'lvs'],
    ['is ipvsadm by default', undefined, '/usr/sbin', 'ipvsadm'],
  ] as const)('%s', (_name, program, path, expected) => {
    delete process.env.IPVSADM_PROGRAM;
    if (program) process.env.IPVSADM_PROGRAM = program;
    process.env.PATH = path;
    expect(nodeSystem([]).programName).toBe(expected);
  });
});

test('arguments have one character per byte', () => {
  expect(byteArguments(['-A', 'é', '€'])).toEqual(['-A', '\xc3\xa9', '\xe2\x82\xac']);
});

describe('files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-test-'));
  const path = join(folder, 'file');
  const text = 'x\xff\n'.repeat(50_000);
  writeFileSync(path, text, 'latin1');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('are read completely, one character per byte', () => {
    expect(nodeSystem([]).readFile(path) === readFileSync(path, 'latin1')).toBe(true);
  });

  test('are read in blocks', () => {
    const blocks = [...nodeSystem([]).readBlocks(path)!].map((block) => toText(block.slice()).length);
    expect({ several: blocks.length > 1, total: blocks.reduce((a, b) => a + b) }).toEqual({
      several: true,
      total: text.length,
    });
  });

  test('that are missing are undefined', () => {
    const missing = join(folder, 'missing');
    expect([nodeSystem([]).readFile(missing), nodeSystem([]).readBlocks(missing)]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

test('a host name is looked up in the version of IP that is asked for', async () => {
  const address = await nodeSystem([]).addressOfHost('localhost', 6);
  expect([undefined, 16]).toContain(address?.length);
});

test('an address without a name and an unknown name are undefined', async () => {
  const system = nodeSystem([]);
  expect([
    await system.addressOfHost('no-such-host.invalid'),
    await system.addressOfHost('localhost'),
  ]).toEqual([undefined, Uint8Array.of(127, 0, 0, 1)]);
});

test.each([
  ['an empty name', ''],
  ['digits of another script', '\uff11.2.3.4'],
  ['a name that is not ASCII', 'b\xc3\xbccher.test'],
])('%s has no address, and Node prints no warning', async (_name, name) => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  const address = await nodeSystem([]).addressOfHost(name);
  process.off('warning', listen);
  expect({ address, warnings }).toEqual({ address: undefined, warnings: [] });
});

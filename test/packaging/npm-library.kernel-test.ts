/** The library of the installed npm package, by import and by require, and its types. */
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../scripts/debian/command';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';
import { installGlobally, pack } from './npm-package';
import { throwAwayDirectory } from './places';

let directory: string;
beforeAll(async () => {
  directory = throwAwayDirectory('npm-library');
  const prefix = join(directory, 'prefix');
  const { tarball } = await pack(directory);
  await installGlobally(tarball, prefix);
  // A project of its own: within the checkout its name means the checkout.
  writeFileSync(join(directory, 'package.json'), '{ "name": "user" }\n');
  symlinkSync(join(prefix, 'lib/node_modules'), join(directory, 'node_modules'));
}, 120_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a program and runs it with Node. */
async function node(name: string, text: string): Promise<string> {
  writeFileSync(join(directory, name), text);
  return await runCommand(process.execPath, [join(directory, name)]);
}

test('import and require have the same names', async () => {
  const print = 'console.log(JSON.stringify(Object.keys(library).sort()));';
  const imported = await node('names.mjs', `import * as library from 'ipvsadm';\n${print}\n`);
  const required = await node('names.cjs', `const library = require('ipvsadm');\n${print}\n`);
  expect(imported).toBe(required);
  expect(JSON.parse(imported)).toEqual(expect.arrayContaining(['IpvsClient', 'openNodeTransport']));
}, 60_000);

test('import takes the build for it, which needs no other file', async () => {
  const files = await node(
    'files.mjs',
    "import 'ipvsadm';\nimport { createRequire } from 'node:module';\n" +
      "console.log(import.meta.resolve('ipvsadm'), Object.keys(createRequire(import.meta.url).cache).length);\n",
  );
  expect(files).toMatch(/^file:\/\/\/.*\/dist\/index\.mjs 0\n$/);
}, 60_000);

test.each(['import', 'require'])(
  '%s reaches the kernel',
  async (kind) => {
    const names = '{ addressService, IpvsClient, openNodeTransport, virtualService }';
    const head =
      kind === 'import' ? `import ${names} from 'ipvsadm';` : `const ${names} = require('ipvsadm');`;
    const program = join(directory, kind === 'import' ? 'kernel.mjs' : 'kernel.cjs');
    const lines = [
      head,
      'const ipvs = new IpvsClient(openNodeTransport());',
      "const service = virtualService(addressService('tcp', '192.0.2.10', 80), { scheduler: 'rr' });",
      'ipvs.addService(service);',
      'try { ipvs.addService(service); } catch ({ name, errno, hint }) { console.log(name, errno, hint); }',
      'ipvs.close();',
      'try { ipvs.services(); } catch ({ name, code }) { console.log(name, code); }',
    ];
    writeFileSync(program, `${lines.join('\n')}\n`);
    const { stdout, stderr } = await connectLab().run({ script: `node ${program}; "$IPVSADM_C" -Sn` });
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
      stdout: expect.stringMatching(
        /^NetlinkError 17 the table already has a service .*\nTransportError EBADF\n-A -t 192\.0\.2\.10:80 -s rr\n$/,
      ),
      stderr: '',
    });
  },
  60_000,
);

test.each(['import', 'require'])(
  '%s has the fake kernel, whose errors are those of the library',
  async (kind) => {
    const load = (names: string, from: string) =>
      kind === 'import' ? `import ${names} from '${from}';` : `const ${names} = require('${from}');`;
    const said = await node(
      kind === 'import' ? 'fake.mjs' : 'fake.cjs',
      [
        load('{ IpvsClient, NetlinkError, TransportError }', 'ipvsadm'),
        load('{ FakeKernel }', 'ipvsadm/testing'),
        'const kernel = new FakeKernel();',
        'const ipvs = new IpvsClient(kernel.open());',
        'kernel.refuse = () => 12;',
        'try { ipvs.zero(); } catch (error) { console.log(error instanceof NetlinkError, error.code); }',
        'kernel.refuse = undefined;',
        'kernel.lostReplies = 9;',
        'try { ipvs.zero(); } catch (error) { console.log(error instanceof TransportError, error.code); }',
      ].join('\n'),
    );
    expect(said).toBe('true ENOMEM\ntrue ENOBUFS\n');
  },
  60_000,
);

test.each(['import', 'require'])(
  '%s reads documents, right and wrong',
  async (kind) => {
    const text = '\'{"format":"ipvsadm-state","version":1,"service":[]}\'';
    const said = await node(
      kind === 'import' ? 'document.mjs' : 'document.cjs',
      [
        kind === 'import'
          ? "import { readDocument } from 'ipvsadm';"
          : "const { readDocument } = require('ipvsadm');",
        "console.log(JSON.stringify(readDocument('format: ipvsadm-state\\nversion: 1\\n').state));",
        `try { readDocument(${text}); } catch ({ problems }) { console.log(problems[0].hint); }`,
      ].join('\n'),
    );
    expect(said).toBe("{}\ndid you mean 'services'?\n");
  },
  60_000,
);

/** What users write, and what TypeScript must make of it. */
const typed = [
  "import { addressService, formatAddress, IpvsClient, openNodeTransport, parseAddress } from 'ipvsadm';",
  "import { realServer, type VirtualService, virtualService } from 'ipvsadm';",
  "import { FakeKernel } from 'ipvsadm/testing';",
  'export function first(ipvs: IpvsClient = new IpvsClient(openNodeTransport())): number {',
  '  return ipvs.servers(ipvs.services()[0]!.key)[0]!.port;',
  '}',
  'export const services: VirtualService[] = [];',
  "console.log(formatAddress(parseAddress('192.0.2.10')!));",
  '// @ts-expect-error the types are not any',
  'export const wrong = () => parseAddress(7);',
  "const web = addressService('tcp', '192.0.2.10', 80);",
  '// @ts-expect-error a misspelled setting',
  "export const misspelled = () => virtualService(web, { schedular: 'rr' });",
  '// @ts-expect-error a misspelled setting',
  "export const misspelledToo = () => realServer('10.0.0.17', 80, { wieght: 1 });",
  '// @ts-expect-error a protocol that IPVS does not balance',
  "export const wrongProtocol = () => addressService('http', '192.0.2.10', 80);",
  'const fake = new IpvsClient(new FakeKernel().open());',
  'fake.addService(virtualService(web));',
  'console.log(first.name, fake.services().length);',
];

const compiler = join(checkout, 'node_modules/.bin/tsc');
const options = ['--ignoreConfig', '--strict', '--types', 'node', '--typeRoots'];
const typeRoots = join(checkout, 'node_modules/@types');

test.each([
  ['node16', 'node16', ['module.mts', 'common.cts']],
  ['bundler', 'esnext', ['bundled.mts']],
])(
  'the types are found with the resolution %s',
  async (resolution, module, sources) => {
    const files = sources.map((name) => join(directory, name));
    for (const file of files) writeFileSync(file, `${typed.join('\n')}\n`);
    const how = ['--module', module, '--moduleResolution', resolution, '--outDir', directory];
    await runCommand(compiler, [...options, typeRoots, ...how, ...files]);
    for (const file of files) {
      expect(await runCommand(process.execPath, [file.replace(/ts$/, 'js')])).toBe('192.0.2.10\nfirst 1\n');
    }
  },
  60_000,
);

test('an ES module has no default import, as in the build that it gets', async () => {
  const source = join(directory, 'default.mts');
  writeFileSync(source, "import library from 'ipvsadm';\nconsole.log(library);\n");
  const how = ['--module', 'node16', '--noEmit'];
  await expect(runCommand(compiler, [...options, typeRoots, ...how, source])).rejects.toThrow();
  await expect(node('default.mjs', "import library from 'ipvsadm';\n")).rejects.toThrow('default');
}, 60_000);

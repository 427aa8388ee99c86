/** The npm package: what is in it, and that it works where npm installs it. */
import { readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Sbom } from '../../scripts/sbom';
import { connectLab } from '../lab/client';
import { runTutorial } from '../quickstart/tutorial';
import { installGlobally, type Packed, pack } from './npm-package';
import { throwAwayDirectory } from './places';

const lab = connectLab();
/** scripts/build.js makes them. */
const bundles = [
  ...[
    'classic',
    'commands',
    'colour',
    'checks',
    'director',
    'explain',
    'pretty',
    'progress',
    'help',
    'hint',
    'index',
    'library-extras',
    'parse-json',
    'parse-yaml',
  ],
  ...[
    'read-keepalived',
    'read-ldirectord',
    'replace-table',
    'state-json',
    'state-schema',
    'strerror',
    'subcommand-help',
    'testing',
  ],
  ...['verified-text', 'write-keepalived', 'write-ldirectord', 'yaml-text', 'edit-text'],
];
let directory: string;
let prefix: string;
let packed: Packed;

beforeAll(async () => {
  directory = throwAwayDirectory('npm');
  prefix = join(directory, 'prefix');
  packed = await pack(directory);
  await installGlobally(packed.tarball, prefix);
}, 120_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('the package holds what runs, its types and its manual, and nothing else', () => {
  const expected = [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin/ipvsadm',
    'bin/ipvsadm-node',
    ...bundles.map((name) => `dist/${name}.js`),
    'dist/THIRD-PARTY.txt',
    'dist/index.mjs',
    'dist/install/code-caches.cjs',
    'dist/ipvsadm.cjs',
    'dist/native/THIRD-PARTY.txt',
    ...['arm64', 'x64'].map((arch) => `dist/native/${arch}/ipvsadm`),
    'dist/native/sbom.json',
    ...['arm', 'arm64', 'ia32', 'x64'].map((arch) => `dist/prebuilds/linux-${arch}/node.napi.node`),
    'dist/sbom.json',
    'dist/testing.mjs',
    ...['files.json', 'index.html', 'page-HASH.css', 'page-HASH.js'].map((name) => `dist/web/${name}`),
    'package.json',
    'packaging/npm/postinstall.js',
  ];
  const others = packed.files.filter((file) => !/^dist\/types\/.*\.d\.m?ts$|^dist\/man\/.*\.8$/.test(file));
  const names = others.map((file) => file.replace(/(?<=^dist\/web\/page-)[A-Z0-9]{8}(?=\.)/, 'HASH'));
  expect(names.sort()).toEqual(expected.sort());
  expect(packed.files).toContain('dist/types/library/index.d.ts');
  expect(packed.size).toBeLessThan(3_000_000);
});

test('the licenses of the engine in the native programs are there', () => {
  const licenses = readFileSync(join(prefix, 'lib/node_modules/ipvsadm/dist/native/THIRD-PARTY.txt'), 'utf8');
  expect(licenses).toMatch(/^quickjs [0-9-]+ \(MIT\)\n=+\n/);
  expect(licenses).toContain('Permission is hereby granted');
});

test('the SBOM names every package whose license is in THIRD-PARTY.txt', () => {
  const shipped = join(prefix, 'lib/node_modules/ipvsadm/dist');
  const licenses = readFileSync(join(shipped, 'THIRD-PARTY.txt'), 'utf8');
  const titles = [...licenses.matchAll(/^(\S+ \S+) \(.*\)\n=+$/gm)].map(([, title]) => title);
  const { components } = JSON.parse(readFileSync(join(shipped, 'sbom.json'), 'utf8')) as Sbom;
  expect(components.map(({ name, version }) => `${name} ${version}`)).toEqual(titles);
  expect(titles).toContainEqual(expect.stringMatching(/^netlink /));
});

test('the three programs run where npm installed them', async () => {
  const { stdout, stderr, status } = await lab.run({
    script: `PATH=${prefix}/bin:$PATH
ipvsadm -A -t 192.0.2.10:80 -s rr && ipvsadm server add --tcp 192.0.2.10:80 --real-server 10.0.0.17 --masquerading &&
ipvsadm-save -n >rules && ipvsadm clear && ipvsadm-restore <rules && "$IPVSADM_C" -Sn && ipvsadm service --help | head -n 1`,
  });
  expect({ stdout: stdout.toString(), stderr: stderr.toString(), status }).toEqual({
    stdout: '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1\nvirtual services\n',
    stderr: '',
    status: 0,
  });
}, 60_000);

test('the tutorial goes as the textbook says with the installed program', async () => {
  const { problems } = await runTutorial(lab, `ln -s ${prefix}/bin/ipvsadm /tmp/bin/ipvsadm`);
  expect(problems).toEqual([]);
}, 120_000);

test("where the addon beside the program does not load, the netlink package's own does", async () => {
  const program = join(prefix, 'lib/node_modules/ipvsadm');
  truncateSync(join(program, `dist/prebuilds/linux-${process.arch}/node.napi.node`), 0);
  const { stdout, stderr } = await lab.run({
    script: `${program}/bin/ipvsadm-node -A -f 7; ${program}/bin/ipvsadm-node -Sn`,
  });
  expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
    stdout: '-A -f 7 -s wlc\n',
    stderr: '',
  });
}, 60_000);

/** The examples of docs/library.md, as they stand there, on the real kernel. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../scripts/debian/command';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';
import { throwAwayDirectory } from './places';

let directory: string;
beforeAll(async () => {
  directory = throwAwayDirectory('library');
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(checkout, join(directory, 'node_modules/ipvsadm'));
  const examples = examplesOf(readFileSync(join(checkout, 'docs/library.md'), 'utf8'));
  expect(examples.map(([name]) => name)).toEqual([
    ...['web.mjs', 'apply.mjs', 'connections.mjs', 'watch.mjs', 'using.mts', 'drain.test.mjs'],
  ]);
  for (const [name, text] of examples) writeFileSync(join(directory, name), text);
  await compile(examples.map(([name, text]) => [name.replace(/\.mjs$/, '-checked.mts'), text]));
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Name and text of each block of code; its first line names it. */
function examplesOf(page: string): [string, string][] {
  const blocks = page.matchAll(/^```(?:js|ts)\n(\/\/ (\S+)\n[\s\S]*?)^```$/gm);
  return [...blocks].map(([, text, name]) => [name!, text!]);
}

/** Compiles files as strict TypeScript: what runs is the example itself, but for one with `using`. */
async function compile(files: readonly [string, string][]): Promise<void> {
  for (const [name, text] of files) writeFileSync(join(directory, name), text);
  const how = ['--ignoreConfig', '--strict', '--noUncheckedIndexedAccess', '--types', 'node'];
  const where = ['--typeRoots', join(checkout, 'node_modules/@types'), '--rootDir', directory];
  const kind = [
    '--outDir',
    directory,
    '--module',
    'node16',
    '--target',
    'es2022',
    '--lib',
    'es2022,esnext.disposable',
  ];
  const sources = files.map(([name]) => join(directory, name));
  await runCommand(join(checkout, 'node_modules/.bin/tsc'), [...how, ...where, ...kind, ...sources]);
}

/** Runs a shell script in the guest, in the directory of the examples. */
async function inGuest(script: string): Promise<{ stdout: string; stderr: string }> {
  const { stdout, stderr } = await connectLab().run({
    script: `cd ${directory}\n${script}`,
    timeoutSeconds: 50,
  });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

test('the examples add, list, wait, and show connections', async () => {
  // The real server is this machine itself; a client opens a connection, keeps it for a while, and
  // then ends.
  const { stdout, stderr } =
    await inGuest(`ip addr add 192.0.2.10/32 dev lo && ip addr add 10.0.0.17/32 dev lo
mkfifo /tmp/held
nc -l -p 8080 </tmp/held >/dev/null &
server=$!
exec 3>/tmp/held
: >/tmp/said
node web.mjs >/tmp/said &
until grep -q weight /tmp/said; do sleep 0.1; done
sleep 6 | nc 192.0.2.10 80 &
until grep -q '17 has 1' /tmp/said; do sleep 0.1; done
node connections.mjs
node using.mjs
kill $server
wait
cat /tmp/said; "$IPVSADM_C" -Sn`);
  expect({ stdout, stderr }).toEqual({
    stdout: `10.0.0.17:8080 has 192.0.2.10: busy
2
add-service: EEXIST: the table already has a service with that protocol, address and port, or with that firewall mark and address family: change it with -E (service edit), or make the table match a file with apply
rr 0n
  10.0.0.18:8080 weight 0
  10.0.0.17:8080 weight 1
10.0.0.17 has 1 connections
10.0.0.17 has 0 connections
`,
    stderr: '',
  });
}, 60_000);

test('the example shows changes of the table that another program makes', async () => {
  // It sees what comes after its first look.
  const { stdout, stderr } = await inGuest(`: >/tmp/seen
node watch.mjs >/tmp/seen &
mark=1
until [ -s /tmp/seen ]; do "$IPVSADM_C" -A -f $mark -s rr; mark=$((mark + 1)); sleep 0.2; done
"$IPVSADM_C" -a -f 1 -r 10.0.0.17; until grep -q server-added /tmp/seen; do sleep 0.1; done
"$IPVSADM_C" -e -f 1 -r 10.0.0.17 -w 5; until grep -q weight /tmp/seen; do sleep 0.1; done
"$IPVSADM_C" -D -f 1; wait; grep -v service-added /tmp/seen`);
  expect({ stdout, stderr }).toEqual({
    stdout: `server-added: fwmark:1/10.0.0.17:0: -a -f 1 -r 10.0.0.17:0 -g -w 1
weight: fwmark:1/10.0.0.17:0: weight 1 -> 5
server-deleted: fwmark:1/10.0.0.17:0: -a -f 1 -r 10.0.0.17:0 -g -w 5
service-deleted: fwmark:1: -A -f 1 -s rr
`,
    stderr: '',
  });
}, 60_000);

test('the example makes the table equal to a document, or says why not', async () => {
  const server = (address: string) => `      - { address: ${address}, port: 80, forwarding: masquerading }\n`;
  const table = `format: ipvsadm-state
version: 1
services:
  - protocol: tcp
    address: 192.0.2.10
    port: 80
    scheduler: rr
    servers:
${server('10.0.0.17')}`;
  const files = {
    'table.yaml': table + server('10.0.0.18'),
    'misspelled.yaml': table.replace('scheduler', 'schedular'),
    'refused.yaml': table.replace('rr', 'nowhere'),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const { stdout, stderr } = await inGuest(`"$IPVSADM_C" -A -t 192.0.2.10:80 -s wlc
"$IPVSADM_C" -a -t 192.0.2.10:80 -r 10.0.0.17 -m
for name in table.yaml table.yaml misspelled.yaml refused.yaml; do node apply.mjs $name; done
"$IPVSADM_C" -Sn`);
  expect({ stdout, stderr }).toEqual({
    stdout: `--A -t 192.0.2.10:80 -s wlc
+-A -t 192.0.2.10:80 -s rr
+-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1
2 changes made
0 changes made
misspelled.yaml:7:5: unknown field 'schedular'
        schedular: rr
        ^^^^^^^^^
  did you mean 'scheduler'?
--A -t 192.0.2.10:80 -s rr
+-A -t 192.0.2.10:80 -s nowhere
--a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1
ENOENT: the kernel refused edit-service: errno 2: the changes before it were undone
-A -t 192.0.2.10:80 -s rr
-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1
-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1
`,
    stderr: '',
  });
}, 60_000);

test('the example tests without a kernel, as a module and compiled', async () => {
  for (const name of ['drain.test.mjs', 'drain.test-checked.mjs']) {
    const said = await runCommand(process.execPath, ['--test', join(directory, name)]);
    expect(said).toMatch(/^# pass 2$/m);
  }
}, 60_000);

test('the fake kernel does as this one', async () => {
  copyFileSync(join(__dirname, 'compare-kernels.mjs'), join(directory, 'compare.mjs'));
  const { stdout, stderr } = await inGuest('node compare.mjs');
  const { real, fake } = JSON.parse(stdout) as { real: object[]; fake: object[] };
  expect(stderr).toBe('');
  expect(real.length).toBeGreaterThan(40);
  expect(fake).toEqual(real);
}, 60_000);

test('without IPVS the error names the module', async () => {
  const program = `const { IpvsClient } = require('ipvsadm');
const { FakeKernel } = require('ipvsadm/testing');
const kernel = new FakeKernel();
kernel.familyMissing = true;
try { new IpvsClient(kernel.open()); }
catch (error) { console.log(error.name, error.code, error.operation, error.hint); }`;
  writeFileSync(join(directory, 'refused.cjs'), program);
  const { stdout } = await inGuest('node refused.cjs');
  expect(stdout).toMatch(
    /^NetlinkError ENOENT connect ip_vs is neither built into the kernel nor .*: on the host: modprobe ip_vs/,
  );
}, 60_000);

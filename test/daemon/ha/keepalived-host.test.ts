/** keepalived's files and processes: FIFOs of this machine, a keepalived and a guard that are shell scripts. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenToFifo } from '../../../src/daemon/ha/fifo';
import { RealKeepalivedHost } from '../../../src/daemon/ha/keepalived-host';
import { runPackets } from '../../../src/daemon/ha/packets';
import type { HostClient } from '../../../src/host/client';
import { parseAddress } from '../../../src/model/address';

let folder: string;
const closing: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ipvsadm-keepalived-'));
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Tells what it was given, reads two signs, and ends. */
const GUARD = `exec 3<>"$2"
echo "$@" >>"$0.words"
head -c 2 <&3 >"$0.heard"`;

const address = (text: string, more = {}) => ({
  link: 2,
  family: text.includes(':') ? 10 : 2,
  address: parseAddress(text)!,
  prefix: 24,
  tentative: false,
  duplicate: false,
  ...more,
});

function made(keepalived = 'exit 0', guard = GUARD) {
  const host = {
    links: () => [{ index: 2, name: 'eth0' }],
    addresses: () => [
      address('192.0.2.10'),
      address('192.0.2.9', { link: 3 }),
      address('2001:db8::1'),
      address('192.0.2.1'),
    ],
    routeTo: (to: Uint8Array) => ({ gateway: to[0] === 10 ? to : undefined, local: false }),
  } as unknown as HostClient;
  const helper = script('guard', guard);
  const machine = new RealKeepalivedHost({
    host,
    interface: 'eth0',
    vips: ['192.0.2.10'],
    directory: join(folder, 'run'),
    programs: [join(folder, 'nowhere'), script('keepalived', keepalived)],
    helpers: [helper],
  });
  return { machine, helper };
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('adverts come from the first address that is no VIP', () => {
  const { machine } = made();
  expect([machine.source(), machine.source('ipv6'), machine.source('ipv4')]).toEqual([
    '192.0.2.1',
    '2001:db8::1',
    '192.0.2.1',
  ]);
});

test('makes FIFOs that only this user can use', async () => {
  const { machine } = made();
  await machine.prepare();
  await machine.prepare();
  const about = statSync(machine.paths.fifo);
  expect([about.isFIFO(), about.mode & 0o777, statSync(join(folder, 'run')).mode & 0o777]).toEqual([
    true,
    0o600,
    0o700,
  ]);
});

test('starts keepalived under the guard, for VRRP alone, with files of its own', async () => {
  const { machine, helper } = made();
  await machine.prepare();
  expect(machine.tell('alive')).toBe(false);
  expect(await machine.launch('the text\n')).toBe(undefined);
  const run = join(folder, 'run');
  expect(readFileSync(`${helper}.words`, 'utf8')).toBe(
    `guard ${run}/beats 2500 ${folder}/keepalived -P -n -R -f ${run}/keepalived.conf -p ${run}/keepalived.pid -r ${run}/vrrp.pid\n`,
  );
  expect(readFileSync(`${run}/keepalived.conf`, 'utf8')).toBe('the text\n');
  machine.tell('wait');
  await until(() => !machine.tell('quit'));
  expect(readFileSync(`${helper}.heard`, 'utf8')).toBe('.w');
});

test('says what keepalived says against its configuration, and starts nothing', async () => {
  const { machine, helper } = made('echo "line 3: unknown keyword" >&2; exit 4');
  await machine.prepare();
  expect(await machine.launch('x')).toBe('keepalived refuses its configuration: line 3: unknown keyword');
  expect(existsSync(`${helper}.words`)).toBe(false);
});

test('a guard that ends at once is told', async () => {
  const { machine } = made('exit 0', 'exit 7');
  await machine.prepare();
  expect(await machine.launch('x')).toMatch(/^keepalived did not start/);
});

test('what is not installed is told', async () => {
  const { machine } = made();
  const options = { ...machine.options, programs: ['/nowhere/keepalived'] };
  expect(await new RealKeepalivedHost(options).launch('x')).toBe(
    'keepalived is not installed (/nowhere/keepalived)',
  );
  expect(await new RealKeepalivedHost({ ...machine.options, helpers: [] }).launch('x')).toBe(
    'the native executable is not there, which guards keepalived: install the package for this processor, or run `npm run build:native`',
  );
});

test('the priority is written only when it changes, also by a process that starts later', async () => {
  const { machine } = made();
  await machine.prepare();
  expect([machine.addToPriority(104), machine.addToPriority(104)]).toEqual([true, false]);
  const later = new RealKeepalivedHost(machine.options);
  expect([later.addToPriority(104), later.addToPriority(-149)]).toEqual([false, true]);
  expect(readFileSync(machine.paths.priority, 'utf8')).toBe('-149\n');
  writeFileSync(machine.paths.priority, 'rubbish');
  expect(new RealKeepalivedHost(machine.options).addToPriority(0)).toBe(true);
});

test('asks the peers of its own network, and knows nothing when the helper fails', async () => {
  const { machine } = made('exit 0', 'echo "192.0.2.2 02:00:00:00:00:02"');
  expect(await machine.silent(['192.0.2.2', '192.0.2.3', '10.0.0.1'])).toEqual(['192.0.2.3']);
  const failing = made('exit 0', 'exit 1');
  expect(await failing.machine.silent(['192.0.2.3'])).toEqual([]);
});

test('a helper that floods is bounded, one that is the C program is passed over', async () => {
  const flood = script('flood', 'head -c 1000000 /dev/zero');
  const other = script('other', 'exit 2');
  const run = await runPackets(['ask'], ['/nowhere', other, flood]);
  expect([run?.status, run?.stdout.length]).toEqual([0, 65_536]);
  expect(await runPackets(['ask'], [other])).toBe(undefined);
});

describe('a FIFO', () => {
  function listening(path: string) {
    const heard: string[] = [];
    const problems: (string | undefined)[] = [];
    closing.push(
      listenToFifo(
        path,
        (text) => heard.push(text),
        (problem) => problems.push(problem),
        10,
      ),
    );
    return { heard, problems };
  }

  test('is read across writers, and when it is made anew', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const { heard, problems } = listening(path);
    writeFileSync(path, 'one\n');
    writeFileSync(path, 'two\n');
    await until(() => heard.join('') === 'one\ntwo\n');
    rmSync(path);
    await until(() => problems.at(-1) !== undefined);
    execFileSync('mkfifo', [path]);
    await until(() => problems.at(-1) === undefined);
    writeFileSync(path, 'three\n');
    await until(() => heard.join('') === 'one\ntwo\nthree\n');
    expect(problems).toEqual([undefined, expect.stringContaining('ENOENT'), undefined]);
  });

  test('has to be one', () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'INSTANCE "director" MASTER 1\n');
    const { heard, problems } = listening(path);
    expect([heard, problems]).toEqual([[], [`${path}: it is no FIFO`]]);
  });
});

/** What one who asks too much, or at the wrong moment, takes from nobody else. */
import { EventEmitter } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog } from '../../src/web/audit';
import type { AuditEntry } from '../../src/web/contract';
import { Live } from '../../src/web/live';
import { overviewServices } from '../../src/web/overview';
import { RATE_STEP, RateRings } from '../../src/web/rate-history';
import { WebServer } from '../../src/web/server';
import { Sessions } from '../../src/web/sessions';
import { Throttle } from '../../src/web/throttle';
import { TokenFile } from '../../src/web/token-file';
import { digestOf, formatTokens, newToken } from '../../src/web/tokens';
import { fakeBackend } from './fake-backend';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ipvsadm-bounds-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const texts = { alice: newToken(), bob: newToken() };
const tokens = [
  { name: 'alice', role: 'edit' as const, sha256: digestOf(texts.alice)!, since: 1 },
  { name: 'bob', role: 'view' as const, sha256: digestOf(texts.bob)!, since: 1 },
];

test('who logs in over and over ends sessions of nobody else', () => {
  let now = 0;
  const sessions = new Sessions(
    () => tokens,
    () => now,
  );
  const alice = sessions.begin(texts.alice)!.secret;
  const [first, ...others] = Array.from({ length: 2000 }, () => sessions.begin(texts.bob)!.secret);
  expect(sessions.caller(alice)?.name).toBe('alice');
  expect(sessions.caller(first)).toBeUndefined();
  expect(others.filter((secret) => sessions.caller(secret))).toHaveLength(50);
  now = 12 * 3_600_000;
  expect(sessions.caller(alice)).toBeUndefined();
});

test('all of 127.0.0.0/8 is one machine', () => {
  const throttle = new Throttle(() => 0);
  for (let host = 1; host <= 10; host += 1) throttle.failed(`127.0.${host}.1`);
  expect(throttle.wait('127.9.9.9')).toBe(60_000);
  expect(throttle.wait('::ffff:127.0.0.1')).toBe(60_000);
  expect(throttle.wait('128.0.0.1')).toBe(0);
});

const entry = (more: Partial<AuditEntry>): AuditEntry => ({
  ...{ at: 0, author: 'bob', role: 'view', from: '127.0.0.1', action: 'POST /v1/admin', outcome: 'no' },
  ...{ ok: false, ...more },
});

test('nobody writes refusals until the audit log has nothing else', () => {
  const said: string[] = [];
  const log = new AuditLog(join(directory, 'audit.jsonl'), (text) => said.push(text));
  log.add(entry({ author: 'alice', role: 'edit', action: 'drain web', ok: true }));
  for (let times = 0; times < 5000; times += 1) log.addIdle(entry({ at: times }));
  const entries = log.entries();
  expect(entries).toHaveLength(31);
  expect(entries[0]!.outcome).toBe('no (more of these within a minute are left out)');
  expect(entries.at(-1)).toMatchObject({ author: 'alice', action: 'drain web' });
  expect(said).toHaveLength(31);
  log.addIdle(entry({ at: 5000, author: '-', role: 'nobody' }));
  log.addIdle(entry({ at: 60_001 }));
  expect(log.entries().map(({ author, at }) => [author, at])).toEqual(
    expect.arrayContaining([
      ['-', 5000],
      ['bob', 60_001],
    ]),
  );
});

test('a file of tokens that could not be read is read again', () => {
  const path = join(directory, 'tokens.json');
  const file = new TokenFile(path);
  symlinkSync(path, path);
  expect(file.tokens()).toEqual([]);
  expect(file.problem).toMatch(/ELOOP/);
  rmSync(path);
  writeFileSync(path, formatTokens(tokens));
  expect(file.tokens()).toHaveLength(2);
  expect(file.problem).toBeUndefined();
  chmodSync(path, 0o644);
  expect(file.tokens()).toHaveLength(2);
});

test('a certificate that is none leaves nothing behind', () => {
  const backend = fakeBackend();
  const subscribe = jest.spyOn(backend.director!, 'subscribe');
  const make = () =>
    new WebServer(backend, {
      ...{ listen: { host: '127.0.0.1', port: 3636 }, files: new Map(), say: () => {} },
      ...{ tokenFile: join(directory, 'tokens.json'), auditFile: join(directory, 'audit.jsonl') },
      tls: { cert: Buffer.from('none'), key: Buffer.from('none') },
    });
  expect(make).toThrow();
  expect(subscribe).not.toHaveBeenCalled();
});

test('moments in which the table was not read move no value to another time', async () => {
  const [web] = overviewServices(await fakeBackend().table(), fakeBackend().director);
  const rings = new RateRings();
  rings.add([web!], 0);
  rings.add([web!], 4 * RATE_STEP);
  const { from, series } = rings.of(web!.key)!;
  expect([from, series.active]).toEqual([0, [7, null, null, null, 7]]);
  rings.add([web!], 1000 * RATE_STEP);
  const later = rings.of(web!.key)!;
  expect(later.series.active.filter((value) => value !== null)).toEqual([7]);
  expect(later.series.active.at(-1)).toBe(7);
});

/** A viewer whose socket takes nothing. */
class Stuck extends EventEmitter {
  writableLength = 0;
  destroyed = false;
  writableEnded = false;
  timeout = 0;
  readonly socket = {
    setNoDelay: () => {},
    setTimeout: (milliseconds: number) => {
      this.timeout = milliseconds;
    },
  };
  writeHead(): void {}
  write(text: string): void {
    this.writableLength += text.length;
  }
  end(): void {
    this.writableEnded = true;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
  get response(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

test('an overview of more than a megabyte is no reason to drop a viewer; a megabyte behind it is', async () => {
  const backend = fakeBackend();
  const [first] = await backend.table();
  const table = Array.from({ length: 5000 }, (_, index) => ({
    ...first!,
    service: { ...first!.service, key: { kind: 'fwmark' as const, family: 2 as const, fwmark: index + 1 } },
  }));
  backend.table = async () => table;
  const live = new Live(backend, () => {});
  const stuck = new Stuck();
  await live.follow({ response: stuck.response, service: 'fwmark:7', mayStay: () => true });
  expect(stuck.writableLength).toBeGreaterThan(1024 * 1024);
  expect([stuck.destroyed, live.viewers]).toEqual([false, 1]);
  // A message may be large itself: what waited before it counts.
  backend.happen({ id: 1, at: 1, kind: 'note', text: 'x'.repeat(1024 * 1024) });
  backend.happen({ id: 2, at: 1, kind: 'note', text: 'y' });
  expect([stuck.destroyed, live.viewers]).toEqual([true, 0]);
  live.close();
});

test('who may not stay and does not read keeps no place for long', async () => {
  const live = new Live(fakeBackend(), () => {});
  const stuck = new Stuck();
  await live.follow({ response: stuck.response, service: undefined, mayStay: () => false });
  expect(stuck.timeout).toBe(0);
  while (!stuck.writableEnded) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(stuck.timeout).toBe(5000);
  live.close();
});

test('who waits for the overview has a place already', async () => {
  const backend = fakeBackend();
  const table = await backend.table();
  let read: () => void = () => {};
  backend.table = () =>
    new Promise((resolve) => {
      read = () => resolve(table);
    });
  const live = new Live(backend, () => {});
  const coming = [new Stuck(), new Stuck()].map(({ response }) =>
    live.follow({ response, service: undefined, mayStay: () => true }),
  );
  expect(live.viewers).toBe(2);
  read();
  await Promise.all(coming);
  expect(live.viewers).toBe(2);
  live.close();
});

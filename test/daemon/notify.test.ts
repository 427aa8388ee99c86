/** Who is told of events: in order, one at a time, with limits. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailText, Notifier } from '../../src/daemon/notify';
import { Queues, type ToldEvent } from '../../src/daemon/queues';
import { runProgram } from '../../src/daemon/run-program';
import type { DirectorEvent } from '../../src/director/types';

const event = (id: number, server: string, text = `event ${id}`): DirectorEvent => ({
  id,
  at: 0,
  kind: 'server-down',
  service: 'web',
  server,
  text,
});

/** Deliveries that end when they are told to. */
function controlled() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const failures: string[] = [];
  const queues = new Queues<undefined>(
    ({ id, server, count }) => {
      begun.push(`${id} ${server}${count > 1 ? ` x${count}` : ''}`);
      return new Promise((resolve) => ends.push(resolve));
    },
    (text) => failures.push(text),
  );
  const next = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, failures, queues, next };
}

test('one at a time for each object, in order; what repeats itself is merged', async () => {
  const { begun, queues, next } = controlled();
  queues.add(event(1, 'a'), undefined);
  queues.add(event(2, 'a', 'same'), undefined);
  queues.add(event(3, 'a', 'same'), undefined);
  queues.add(event(4, 'b'), undefined);
  queues.add(event(5, 'a'), undefined);
  expect(begun).toEqual(['1 a', '4 b']);
  await next();
  await next();
  await next();
  expect(begun).toEqual(['1 a', '4 b', '3 a x2', '5 a']);
});

test('eight objects at a time, a hundred events of one', async () => {
  const { begun, failures, queues } = controlled();
  for (let index = 0; index < 20; index++) queues.add(event(index, `s${index}`), undefined);
  expect(begun).toHaveLength(8);
  for (let index = 0; index < 102; index++) queues.add(event(100 + index, 's0'), undefined);
  expect(failures).toEqual([
    'event 200 is told to nobody: too many wait',
    'event 201 is told to nobody: too many wait',
  ]);
});

describe('programs and webhooks', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ipvsadm-notify-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('a program gets the event on its standard input and in variables', async () => {
    const [program, out] = [join(directory, 'notify'), join(directory, 'out')];
    writeFileSync(
      program,
      `#!/bin/sh\n{ cat; echo "$IPVSADM_EVENT $IPVSADM_SERVICE/$IPVSADM_SERVER"; } >${out}.new\nmv ${out}.new ${out}\n`,
      {
        mode: 0o755,
      },
    );
    new Notifier(() => {}).notify(event(1, 'a'), { notify: { exec: program } });
    let text = '';
    while (text === '') {
      await new Promise((resolve) => setTimeout(resolve, 10));
      try {
        text = readFileSync(out, 'utf8');
      } catch {
        // Not yet.
      }
    }
    const [json, variables] = text.split('\n');
    expect(JSON.parse(json!)).toMatchObject({ ...event(1, 'a'), count: 1, time: '1970-01-01T00:00:00.000Z' });
    expect(variables).toBe('server-down web/a');
  });

  test('a program that does not end is ended', async () => {
    const running = runProgram(['/bin/sleep', '60'], { input: '', env: {}, limit: 50 });
    await expect(running).rejects.toThrow('/bin/sleep: it did not end within 0.05 s');
  });

  test('a program that is not there, or fails, is told', async () => {
    const run = (path: string) => runProgram([path], { input: 'x', env: {}, limit: 5000 });
    await expect(run('/nonexistent')).rejects.toThrow(/^\/nonexistent: .*ENOENT/);
    await expect(run('/bin/false')).rejects.toThrow('/bin/false: exit status 1');
  });

  test('a webhook gets it as JSON; another status than 200-299 is told', async () => {
    const bodies: string[] = [];
    const server: Server = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
      request.on('end', () => response.writeHead(bodies.length > 1 ? 500 : 204).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const failures: string[] = [];
    const notifier = new Notifier((text) => failures.push(text));
    const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lvs`;
    notifier.notify(event(1, 'a'), { notify: { webhook } });
    notifier.notify(event(2, 'a'), { notify: { webhook } });
    while (failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    server.close();
    expect(bodies.map((body) => (JSON.parse(body) as ToldEvent).id)).toEqual([1, 2]);
    expect(failures).toEqual(['webhook: event 2 could not be told: status 500, expected 200-299']);
  });
});

test('a mail has headers of ASCII', () => {
  const text = mailText({ ...event(7, 'wéb'), count: 3 }, ['a@example.com', 'b@example.com'], 'lvs01');
  const [head, body] = text.split('\n\n');
  expect(head!.split('\n')).toEqual(
    expect.arrayContaining([
      'To: a@example.com, b@example.com',
      expect.stringMatching(/^Subject: =\?utf-8\?B\?/),
    ]),
  );
  expect(head).toMatch(/^[\x20-\x7e\n]*$/);
  expect(body).toBe('event 7');
  expect(text).toContain('event 7, 3 times, director lvs01');
});

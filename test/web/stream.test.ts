/** What viewers of the page are told, and when. */
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { StreamMessages } from '../../src/web/contract';
import { Live } from '../../src/web/live';
import { type FakeBackend, fakeBackend } from './fake-backend';

let backend: FakeBackend;
let live: Live;
let server: Server;
let port: number;
let mayStay: boolean;
let problems: string[];

beforeEach(async () => {
  mayStay = true;
  problems = [];
  backend = fakeBackend();
  live = new Live(backend, (problem) => problems.push(problem));
  server = createServer((asked, response: ServerResponse) => {
    const service = new URL(asked.url!, 'http://x').searchParams.get('service') ?? undefined;
    void live.follow({ response, service, mayStay: () => mayStay });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  live.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

type Told = {
  readonly [K in keyof StreamMessages]: readonly [name: K, data: StreamMessages[K]];
}[keyof StreamMessages];

interface Viewer {
  readonly told: Told[];
  readonly ended: () => boolean;
}

function view(path: string): Viewer {
  const told: Told[] = [];
  let ended = false;
  request({ host: '127.0.0.1', port, path })
    .on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        const messages = (text + part).split('\n\n');
        text = messages.pop()!;
        for (const message of messages) {
          const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(message) ?? [];
          if (name !== undefined) told.push([name, JSON.parse(data!)] as unknown as Told);
        }
      });
      response.on('close', () => {
        ended = true;
      });
    })
    .end();
  return { told, ended: () => ended };
}

async function until(is: () => boolean): Promise<void> {
  for (let left = 1000; !is(); left -= 1) {
    if (left === 0) throw new Error('it did not come within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const names = ({ told }: Viewer) => told.map(([name]) => name);

test('first everything, then what changes, and events at once', async () => {
  const viewer = view('/?service=tcp:192.0.2.10:80');
  await until(() => viewer.told.length === 2);
  expect(names(viewer)).toEqual(['overview', 'service']);
  backend.happen({ id: 1, at: 1, kind: 'server-down', service: 'web', server: 'web1', text: 'refused' });
  await until(() => viewer.told.length === 3);
  expect(viewer.told[2]).toEqual(['happened', expect.objectContaining({ text: 'refused' })]);
  backend.active = 8;
  await until(() => viewer.told.length === 5);
  expect(viewer.told.slice(3)).toEqual([
    ['changed', expect.objectContaining({ gone: [], services: [expect.objectContaining({ active: 8 })] })],
    ['service', expect.objectContaining({ active: 8 })],
  ]);
  expect(problems).toEqual([]);
});

test('a service that is not there is null', async () => {
  const viewer = view('/?service=tcp:192.0.2.99:80');
  await until(() => viewer.told.length === 2);
  expect(viewer.told[1]).toEqual(['service', null]);
});

test('who may not see it any more is sent away', async () => {
  const viewer = view('/');
  await until(() => viewer.told.length === 1);
  mayStay = false;
  await until(viewer.ended);
  expect(live.viewers).toBe(0);
});

test('the table is read once for all viewers', async () => {
  let readings = 0;
  const { table } = backend;
  backend.table = () => {
    readings += 1;
    return table();
  };
  const viewers = Array.from({ length: 50 }, () => view('/'));
  await until(() => viewers.every(({ told }) => told.length === 1));
  expect(readings).toBeLessThanOrEqual(1);
});

test('a viewer who does not read is dropped', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.pause();
  await until(() => live.viewers === 1);
  const text = 'x'.repeat(100_000);
  // The kernel takes some megabytes before the server has to keep any.
  for (let id = 0; id < 200 && live.viewers > 0; id += 1) {
    backend.happen({ id, at: 1, kind: 'note', text });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => live.viewers === 0);
  socket.destroy();
});

test('a table that cannot be read is told, and tried again', async () => {
  const viewer = view('/');
  await until(() => viewer.told.length === 1);
  const { table } = backend;
  let failures = 0;
  backend.table = async () => {
    failures += 1;
    throw new Error('netlink is away');
  };
  await until(() => failures === 1);
  backend.table = table;
  backend.active = 9;
  await until(() => viewer.told.length === 2);
  expect(problems).toEqual(['the table cannot be read for the page: netlink is away']);
});

test.each([
  ['soon', 0],
  ['also while the table takes long to read', 300],
])('what an event led to is told %s', async (_, reading) => {
  const { table } = backend;
  backend.table = async () => {
    await new Promise((resolve) => setTimeout(resolve, reading));
    return await table();
  };
  const viewers = [view('/'), view('/?service=tcp:192.0.2.10:80')] as const;
  await until(() => viewers.every(({ told }) => told.length > 0));
  const { health } = backend.director!;
  const down: typeof health = (service) => health(service).map((one) => ({ ...one, state: 'down' }));
  Object.assign(backend.director!, { health: down });
  const begun = performance.now();
  for (let id = 1; id <= 5; id += 1) backend.happen({ id, at: 1, kind: 'server-down', text: 'refused' });
  await until(() => viewers.every((viewer) => names(viewer).includes('changed')));
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(viewers[0].told.filter(([name]) => name === 'changed')).toEqual([
    ['changed', expect.objectContaining({ services: [expect.objectContaining({ up: 0, down: 2 })] })],
  ]);
  await until(() => JSON.stringify(viewers[1].told.at(-1)).includes('"down":2'));
});

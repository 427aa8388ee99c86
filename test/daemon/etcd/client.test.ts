/** What is not etcd, or not well: answers in words, within the time limit, and the next member. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EtcdClient } from '../../../src/daemon/etcd/client';

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function member(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function client(endpoints: readonly string[], own: Partial<EtcdClient['options']> = {}): EtcdClient {
  const made = new EtcdClient({ endpoints, tls: {}, patience: 300, ...own });
  ends.push(() => made.close());
  return made;
}

const header = {
  cluster_id: '18446744073709551615',
  member_id: '1',
  revision: '9223372036854775807',
  raft_term: '2',
};
const well: RequestListener = (_, response) =>
  void response.end(JSON.stringify({ result: { header, TTL: '3' } }));
const failing =
  (status: number, body: unknown): RequestListener =>
  (_, response) => {
    response.statusCode = status;
    response.end(JSON.stringify(body));
  };

const odd: readonly (readonly [name: string, answer: RequestListener, problem: RegExp])[] = [
  ['silent', () => {}, /no answer within 0\.3s$/],
  ['no etcd', (_, response) => void response.end('<html>'), /the answer is not JSON: is that etcd/],
  ['no object', (_, response) => void response.end('7'), /the answer is not JSON|not one of etcd/],
  ['no header', (_, response) => void response.end('{"result":{}}'), /the answer is not one of etcd$/],
  [
    'odd numbers',
    (_, response) => void response.end('{"result":{"header":{"cluster_id":7}}}'),
    /identifier is missing/,
  ],
  [
    'without an end',
    (_, response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)) && !response.destroyed);
      };
      response.on('drain', more);
      more();
    },
    /the answer is longer than 4194304 bytes|no answer within/,
  ],
  [
    'cut off',
    (_, response) => {
      response.setHeader('content-length', 100);
      response.write('{');
      setTimeout(() => response.destroy(), 20);
    },
    /the answer ended early|closed|reset/,
  ],
  ['hung up', (request) => void request.socket.destroy(), /reset|hang up/],
  [
    'without a leader',
    failing(503, { error: 'etcdserver: no leader', code: 14, message: 'etcdserver: no leader' }),
    /etcdserver: no leader$/,
  ],
];

describe.each(odd)('a member that is %s', (_, answer, problem) => {
  test('alone: told', async () => {
    const renewed = await client([await member(answer)]).keepAlive('7');
    expect(renewed).toEqual({ ok: false, kind: 'unreachable', problem: expect.stringMatching(problem) });
  });

  test('of two: the other one is asked, and stays the one that is asked', async () => {
    let asked = 0;
    const counting: RequestListener = (request, response) => {
      asked += 1;
      answer(request, response);
    };
    const etcd = client([await member(counting), await member(well)]);
    const expected = {
      ok: true,
      value: { head: { store: header.cluster_id, term: 2n, revision: 9223372036854775807n }, seconds: 3 },
    };
    expect(await etcd.keepAlive('7')).toEqual(expected);
    expect(await etcd.keepAlive('7')).toEqual(expected);
    expect(asked).toBeLessThanOrEqual(2); // a connection that was reset is tried once more
  });
});

test('what etcd refuses is not asked of the next member, and control characters are made visible', async () => {
  const refusing = failing(400, { error: 'x', code: 3, message: 'etcdserver: \u001b[31mred' });
  const answer = await client([await member(refusing), await member(well)]).keepAlive('7');
  expect(answer).toEqual({ ok: false, kind: 'refused', problem: 'etcdserver: \\x1b[31mred' });
});

test('a password that cannot be read, a user that is missing', async () => {
  const unauthenticated = await member(failing(401, { code: 16, message: 'etcdserver: invalid auth token' }));
  const user = {
    name: 'lb',
    password: () => {
      throw new Error('/etc/lvs/password: no such file');
    },
  };
  expect(await client([unauthenticated], { user }).keepAlive('7')).toEqual({
    ok: false,
    kind: 'refused',
    problem: '/etc/lvs/password: no such file',
  });
  expect(await client([unauthenticated]).keepAlive('7')).toEqual({
    ok: false,
    kind: 'refused',
    problem: 'etcdserver: invalid auth token: set user and passwordFile',
  });
});

test('a watch that is refused or cancelled begins again, more and more seldom', async () => {
  const begun: number[] = [];
  const endpoint = await member((_, response) => {
    begun.push(Date.now());
    response.write(
      JSON.stringify({ result: { created: true, canceled: true, cancel_reason: 'permission denied' } }),
    );
  });
  let pokes = 0;
  const end = client([endpoint]).watch('lvs/web/', () => {
    pokes += 1;
  });
  for (let left = 300; begun.length < 4 && left > 0; left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  end();
  expect(begun.length).toBeGreaterThanOrEqual(4);
  expect(begun[3]! - begun[2]!).toBeGreaterThanOrEqual(350);
  expect(pokes).toBe(0);
});

import { connectLab } from '../client';
import { shellQuote } from '../shell';
import { openTunnel, type Tunnel } from '.';

const server = `require('node:http').createServer((request, response) => {
  let size = 0;
  request.on('data', (data) => (size += data.length));
  request.on('end', () => response.end(request.url + ' '.repeat(1e6) + size));
}).listen(3636, '127.0.0.1', () => require('node:fs').writeFileSync('/tmp/ready', ''))`;

let tunnel: Tunnel;

beforeAll(async () => {
  const setUp = 'ip netns add inner && ip -n inner link set lo up && set -- ip netns exec inner';
  tunnel = await openTunnel(connectLab(), setUp);
}, 60_000);

afterAll(() => tunnel.close());

test('runs scripts in the namespace where it ends, and fails with them', async () => {
  expect(await tunnel.run('ip netns identify $$; echo also >&2')).toBe('inner\nalso\n');
  await expect(tunnel.run('echo why; exit 3')).rejects.toThrow('status 3: echo why; exit 3\nwhy\n');
});

test('carries connections, large bodies, and the refusal of a port', async () => {
  await tunnel.run(
    `node -e ${shellQuote(server)} >/dev/null 2>&1 & until [ -e /tmp/ready ]; do sleep 0.05; done`,
  );
  const origin = `http://127.0.0.1:${await tunnel.forward('127.0.0.1:3636')}`;
  const ask = async (path: string) => {
    const answer = await fetch(origin + path, { method: 'POST', body: 'x'.repeat(500_000) });
    return (await answer.text()).replace(/ +/, ' ');
  };
  const paths = Array.from({ length: 20 }, (_, index) => `/${index}`);
  expect(await Promise.all(paths.map(ask))).toEqual(paths.map((path) => `${path} 500000`));

  const closed = `http://127.0.0.1:${await tunnel.forward('127.0.0.1:1')}/`;
  await expect(fetch(closed)).rejects.toThrow('fetch failed');
}, 20_000);

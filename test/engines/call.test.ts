import { createServer, type Server, type Socket } from 'node:net';
import { call } from '../../src/engines/node/call';

let server: Server | undefined;
afterEach(() => server?.close());

/** The port of a server on loopback that does `work` with each connection. */
function serve(work: (socket: Socket) => void): Promise<number> {
  return new Promise((resolve) => {
    server = createServer((socket) => work(socket.on('error', () => {})));
    server.listen(0, '127.0.0.1', () => resolve((server!.address() as { port: number }).port));
  });
}

const target = (port: number) => ({ address: '127.0.0.1', port, localPort: 0, timeout: 2000 });

test('without a request it ends once it is connected', async () => {
  const result = await call(target(await serve(() => {})));
  expect(result).toMatchObject({ source: { address: '127.0.0.1' }, answer: '' });
  expect(result.connected).toBeGreaterThan(0);
  expect(result.failure).toBeUndefined();
});

test('a request is sent, and the answer read to its end', async () => {
  const port = await serve((socket) =>
    socket.on('data', (data) => socket.end(Buffer.concat([Buffer.from('you said '), data]))),
  );
  const result = await call({ ...target(port), request: 'hello \xff' });
  expect(result).toMatchObject({ answer: 'you said hello \xff' });
  expect(result.ended).toBeGreaterThanOrEqual(result.answered!);
});

test('a port that is closed', async () => {
  const port = await serve(() => {});
  await new Promise((resolve) => server!.close(resolve));
  expect(await call(target(port))).toMatchObject({ failure: 'ECONNREFUSED', answer: '' });
});

test('a server that never answers', async () => {
  const port = await serve(() => {});
  const result = await call({ ...target(port), request: 'x', timeout: 30 });
  expect(result).toMatchObject({ failure: 'ETIMEDOUT' });
  expect(result.connected).toBeGreaterThan(0);
});

test('an address that this machine does not have', async () => {
  const port = await serve(() => {});
  expect(await call({ ...target(port), from: '192.0.2.77' })).toMatchObject({ failure: 'EADDRNOTAVAIL' });
});

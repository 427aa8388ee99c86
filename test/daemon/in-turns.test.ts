/** Long answers: made while they are sent, no faster than they are read. */
import { type AddressInfo, connect } from 'node:net';
import { jsonList, sendInTurns } from '../../src/daemon/in-turns';
import { boundedServer } from '../../src/web/bounded-server';

const PIECE = 'x'.repeat(1000);

test.each([[[]], [[1]], [[{ a: 'b' }, null, 'c']]])('%j is a list as JSON', (list: unknown[]) => {
  expect([...jsonList(list)].join('')).toBe(`${JSON.stringify(list)}\n`);
});

/** Serves pieces. @param made is told how many there were. */
async function served(count: number, made: (number: number) => void) {
  const pieces = function* () {
    for (let number = 1; number <= count; number++) {
      made(number);
      yield PIECE;
    }
  };
  let ended = () => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const server = boundedServer({ requestWithin: 5000, idle: 30_000, connections: 2 }, (_, response) => {
    void sendInTurns(response, pieces()).then(ended);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${port}/`, port, end };
}

test('sends all of it', async () => {
  const { server, url } = await served(5000, () => {});
  const text = await (await fetch(url)).text();
  expect(text.length).toBe(5000 * PIECE.length);
  server.close();
});

test('waits for a reader who does not read, and ends when that one leaves', async () => {
  let made = 0;
  const { server, port, end } = await served(1_000_000, (number) => {
    made = number;
  });
  const reader = connect(port, '127.0.0.1', () => reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
  reader.pause();
  // Until the buffers of both ends are full.
  for (let before = -1; before < made || made === 0; ) {
    before = made;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(made).toBeLessThan(100_000);
  reader.destroy();
  await end;
  expect(made).toBeLessThan(100_000);
  server.close();
});

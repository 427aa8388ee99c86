import { parseAddress } from '../../src/model/address';
import { movedShare, predictors } from '../../src/prediction';
import type { Call, Candidate } from '../../src/prediction/types';

/** In the order in which they are added. The third had weight 5 before it had 0. */
const weights = [3, 1, 0, 2];
const candidates = weights
  .map((weight, index): Candidate => {
    const address = `127.0.0.${index + 1}`;
    return {
      name: `${index + 1}`,
      address: parseAddress(address)!,
      port: 80,
      weight,
      lastWeight: weight === 0 ? 5 : undefined,
      overloaded: false,
    };
  })
  .reverse();

const clients = Array.from({ length: 24 }, (_, index) => {
  const number = (index * 2671) % 65_536;
  return { address: `10.9.${number >> 8}.${number & 255}`, port: 20_000 + index };
});

function call({ address, port }: { address: string; port: number }, vip: string): Call {
  return { source: parseAddress(address)!, port, destination: parseAddress(vip)! };
}

// What Linux 7.2.7 chose for the clients, by test/kernel/traffic/calls.js; - is a refused connection.
test.each([
  ['sh', [], '10.0.0.1', '4211-144142-14144212-141'],
  ['sh', ['fallback', 'port'], '10.0.0.2', '112114414412111211411442'],
  ['mh', [], '10.0.0.3', '--111-1--124-211---24-11'],
  ['mh', ['fallback', 'port'], '10.0.0.4', '144111141241111214144111'],
  ['dh', [], '10.0.0.5', '222222222222222222222222'],
])('%s %j chooses as the kernel does', (scheduler, flags, vip, recorded) => {
  const settings = { withPort: flags.includes('port'), fallback: flags.includes('fallback') };
  const choose = predictors.get(scheduler)!(candidates, settings);
  expect(clients.map((client) => choose(call(client, vip))?.name ?? '-').join('')).toBe(recorded);
});

describe.each(['sh', 'mh', 'dh'])('%s', (scheduler) => {
  const predictor = predictors.get(scheduler)!;
  const settings = { withPort: false, fallback: true };
  const first = call(clients[0]!, '10.0.0.1');

  test('refuses every client while there is no real server that takes connections', () => {
    expect(predictor([], settings)(first)).toBeUndefined();
    const full = candidates.map((server) => ({ ...server, overloaded: true }));
    expect(predictor(full, settings)(first)).toBeUndefined();
  });

  test('moves nobody when nothing changes', () => {
    const choose = predictor(candidates, settings);
    expect(movedShare(choose, choose, first)).toBe(0);
  });
});

test('the share of a server that goes is what its weight asks for', () => {
  const settings = { withPort: false, fallback: false };
  const even = candidates.map((server) => ({ ...server, weight: 1 }));
  const mh = predictors.get('mh')!;
  const share = movedShare(
    mh(even, settings),
    mh(even.slice(1), settings),
    call({ address: '10.0.0.1', port: 1 }, '10.0.0.1'),
  );
  // Its own quarter, and the few that Maglev hashing moves besides.
  expect(share).toBeGreaterThan(0.24);
  expect(share).toBeLessThan(0.4);
});

test('IPv6 addresses are folded to 32 bits', () => {
  const choose = predictors.get('sh')!(candidates, { withPort: false, fallback: true });
  const source = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 9, 0, 0]);
  expect(choose({ source, port: 1, destination: source })).toBe(choose(call(clients[0]!, '10.0.0.1')));
});

import { LentVips, readAnswers } from '../../src/ha/vips';
import type { HostClient } from '../../src/host/client';
import { formatAddress, parseAddress } from '../../src/model/address';
import { NetlinkError } from '../../src/netlink/errors';

const ENODEV = 19;
const EADDRNOTAVAIL = 99;

function made(run: { status: number; stdout: string; stderr: string } | undefined) {
  const calls: string[] = [];
  let index = 2;
  let refuse: ((address: string) => number) | undefined;
  const call = (name: string, link: number, address: Uint8Array, ...more: number[]) => {
    const text = formatAddress(address);
    calls.push([name, link, text, ...more].join(' '));
    const code = refuse?.(text) ?? 0;
    if (code !== 0) throw new NetlinkError(code);
  };
  const host = {
    links: () => (index === 0 ? [] : [{ index, name: 'eth0' }]),
    addresses: () => [{ link: 2, address: parseAddress('192.0.2.10')!, duplicate: false }],
    lendAddress: (...words: [number, Uint8Array, number, number]) => call('lend', ...words),
    deleteAddress: (...words: [number, Uint8Array, number]) => call('delete', ...words),
  } as unknown as HostClient;
  const asked: string[] = [];
  const helped: (string | undefined)[] = [];
  const vips = new LentVips({
    host,
    interface: 'eth0',
    vips: [
      { address: '192.0.2.10', prefix: 32 },
      { address: '2001:DB8:0::10', prefix: 128 },
    ],
    packets: async (args) => {
      asked.push(args.join(' '));
      return run;
    },
    helped: (problem) => helped.push(problem),
  });
  return {
    vips,
    calls,
    asked,
    helped,
    refuse: (code: (address: string) => number) => {
      refuse = code;
    },
    move: (to: number) => {
      index = to;
    },
  };
}

test('lends both families, and takes them back', () => {
  const { vips, calls } = made(undefined);
  vips.hold(3);
  vips.release();
  expect(calls).toEqual([
    'lend 2 192.0.2.10 32 3',
    'lend 2 2001:db8::10 128 3',
    'delete 2 192.0.2.10 32',
    'delete 2 2001:db8::10 128',
  ]);
});

test('one that is refused keeps the others from nothing, and is told', () => {
  const { vips, calls, refuse } = made(undefined);
  refuse((address) => (address === '192.0.2.10' ? 13 : 0));
  expect(() => vips.hold(3)).toThrow(new NetlinkError(13));
  expect(calls).toHaveLength(2);
});

test('what is gone is gone: the address, the interface', () => {
  const { vips, refuse, move } = made(undefined);
  refuse(() => EADDRNOTAVAIL);
  vips.release();
  refuse(() => ENODEV);
  vips.release();
  move(0);
  vips.release();
  expect(() => vips.hold(3)).toThrow(new NetlinkError(ENODEV));
});

test('an interface that was made again is found by its name', () => {
  const { vips, calls, refuse, move } = made(undefined);
  vips.hold(3);
  refuse(() => ENODEV);
  expect(() => vips.hold(3)).toThrow();
  refuse(() => 0);
  move(7);
  vips.hold(3);
  expect(calls.at(-1)).toBe('lend 7 2001:db8::10 128 3');
});

test('held means all of them', () => {
  expect(made(undefined).vips.held()).toBe(false);
});

test('announces and asks through the helper', async () => {
  const { vips, asked, helped } = made({
    status: 0,
    stdout: '192.0.2.10 02:00:00:00:00:02\n2001:db8::10 02:00:00:00:00:03\n',
    stderr: '',
  });
  await vips.announce();
  expect(await vips.rivals()).toEqual([
    { vip: '192.0.2.10', mac: '02:00:00:00:00:02' },
    { vip: '2001:db8::10', mac: '02:00:00:00:00:03' },
  ]);
  expect(asked).toEqual(['announce eth0 192.0.2.10 2001:db8::10', 'ask eth0 400 192.0.2.10 2001:db8::10']);
  expect(helped).toEqual([undefined, undefined]);
});

test('says why the helper could not', async () => {
  const failing = made({ status: 1, stdout: '', stderr: 'socket: Operation not permitted\n' });
  await failing.vips.announce();
  expect(failing.helped).toEqual(['socket: Operation not permitted']);
  const missing = made(undefined);
  expect(await missing.vips.rivals()).toEqual([]);
  expect(missing.helped).toEqual([expect.stringContaining('the native executable is not there')]);
});

test.each(['', 'x', '192.0.2.10', '192.0.2.10 02:00:00:00:00', '\u001b[2J 02:00:00:00:00:02'])(
  'answers that are none: %j',
  (text) => {
    expect(readAnswers(text)).toEqual([]);
  },
);

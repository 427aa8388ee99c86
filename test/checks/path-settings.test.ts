/** What keeps answers from coming back by the forwarding path. */
import { pathObstacle, type Settings } from '../../src/checks/path-settings';
import type { Place } from '../../src/checks/place';
import type { CheckTarget } from '../../src/model/director';
import { forwardingMethods } from '../../src/model/real-server';

const place: Place = { address: '192.0.2.10', family: 4, port: 80, source: '10.0.0.12', mark: 7 };
const ours = {
  lo: [{ address: '127.0.0.1' }],
  'eth0.5:1': [{ address: '10.0.0.12' }],
  eth1: [{ address: '192.0.2.10' }],
};
const well = { 'eth0.5 accept_local': 1 };

function obstacle(
  values: Readonly<Record<string, number>>,
  own: Partial<Place> = {},
  forwarding: number = forwardingMethods.gatewaying,
  interfaces: ReturnType<Settings['interfaces']> = ours,
) {
  const target = { server: { server: { forwarding } } } as CheckTarget;
  const value = (name: string, setting: string) => values[`${name} ${setting}`] ?? 0;
  return pathObstacle({ ...place, ...own }, target, { interfaces: () => interfaces, value });
}

const dropped = 'this machine drops answers that come from the VIP, which is its own: sysctl -w';
const { masquerading, tunneling, local } = forwardingMethods;

test.each<[name: string, found: string | undefined, expected: string | undefined]>([
  ['answers from the VIP are not taken', obstacle({}), `${dropped} net.ipv4.conf.eth0/5.accept_local=1`],
  ['of tunnels, too', obstacle({}, {}, tunneling), `${dropped} net.ipv4.conf.eth0/5.accept_local=1`],
  ['taken on the interface', obstacle(well), undefined],
  ['taken on all', obstacle({ 'all accept_local': 1 }), undefined],
  [
    'strict filtering',
    obstacle({ ...well, 'all rp_filter': 1 }),
    `${dropped} net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0/5.rp_filter=0`,
  ],
  [
    'loose filtering: the larger value counts',
    obstacle({ ...well, 'all rp_filter': 1, 'eth0.5 rp_filter': 2 }),
    undefined,
  ],
  [
    'strict filtering where the VIP is on the same interface',
    obstacle({ 'all accept_local': 1, 'all rp_filter': 1 }, { source: '192.0.2.10' }),
    undefined,
  ],
  ['NAT', obstacle({}, {}, masquerading), undefined],
  ['a server on this machine', obstacle({}, {}, local), undefined],
  ['IPv6', obstacle({}, { family: 6 }), undefined],
  ['an unknown source', obstacle({}, { source: undefined }), undefined],
  ['a VIP that this machine does not have', obstacle({}, { address: '192.0.2.99' }), undefined],
  [
    'settings that cannot be read',
    obstacle({ 'all accept_local': Number.NaN, 'all rp_filter': Number.NaN }),
    undefined,
  ],
])('%s', (_, found, expected) => {
  expect(found).toBe(expected);
});

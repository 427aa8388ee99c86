/** The unit of the director daemon fits what the daemon does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GUARD } from '../../src/daemon/ha/keepalived-host';
import { HAND_OVER_WITHIN, STOP_WITHIN } from '../../src/daemon/run';

const text = readFileSync(join(__dirname, '../../packaging/debian/ipvsadm-director.service'), 'utf8');

/** The values of a key, in all its lines. */
function values(key: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value!);
}

function milliseconds(key: string): number {
  const [value] = values(key);
  expect(value).toMatch(/^[0-9]+$/);
  return Number(value) * 1000;
}

test('a stop may take as long as a hand-over', () => {
  expect(milliseconds('TimeoutStopSec')).toBeGreaterThan(HAND_OVER_WITHIN + STOP_WITHIN + 1000);
});

test('only the daemon itself is ended: keepalived and its guard outlive it', () => {
  expect(values('KillMode')).toEqual(['process']);
});

test('what was killed is started again while its guard waits', () => {
  expect(values('Restart')).toEqual(['always']);
  // A start takes half a second.
  expect(milliseconds('RestartSec') + 500).toBeLessThan(GUARD);
});

test('keepalived, and who asks for VIPs by ARP, may do what they need', () => {
  expect(values('RestrictAddressFamilies')[0]!.split(' ')).toEqual(
    expect.arrayContaining(['AF_NETLINK', 'AF_INET', 'AF_INET6', 'AF_PACKET']),
  );
  expect(values('CapabilityBoundingSet')[0]!.split(' ')).toEqual(
    expect.arrayContaining(['CAP_NET_ADMIN', 'CAP_NET_RAW']),
  );
});

test('the state of a former process is still there after a restart', () => {
  expect(values('RuntimeDirectory')).toEqual(['ipvsadm']);
  expect(values('RuntimeDirectoryPreserve')).toEqual(['yes']);
});

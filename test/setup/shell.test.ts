/** The lines of a shell that stand for a step, and the script made of them. */
import { spawnSync } from 'node:child_process';
import { kindOf } from '../../src/setup/kinds';
import { realServerSteps } from '../../src/setup/realserver';
import { shellScript } from '../../src/setup/shell-script';
import type { Step } from '../../src/setup/step';
import { realServer, setups } from './machines';

test.each<[Step, string, string]>([
  [
    { kind: 'sysctl', name: 'net/ipv4/conf/eth0.7/arp_ignore', value: 1 },
    'sysctl -w net.ipv4.conf.eth0/7.arp_ignore=1',
    'sysctl -w net.ipv4.conf.eth0/7.arp_ignore=FORMER',
  ],
  [
    { kind: 'address', link: 'lo', address: '2001:db8::10', prefix: 128 },
    'ip address add 2001:db8::10/128 dev lo',
    'ip address del 2001:db8::10/128 dev lo',
  ],
  [
    { kind: 'address', link: 'eth0', address: '2001:db8::10', prefix: 128 },
    'ip address add 2001:db8::10/128 dev eth0 nodad preferred_lft 0',
    'ip address del 2001:db8::10/128 dev eth0',
  ],
  [
    { kind: 'tunnel', type: 'ip6tnl', link: 'lvs-ip6tnl', local: '2001:db8::17' },
    'ip link add lvs-ip6tnl type ip6tnl mode any local 2001:db8::17 remote ::',
    'ip link del lvs-ip6tnl',
  ],
  [
    { kind: 'tunnel', type: 'gre', link: 'lvs-gre', local: '10.0.0.17', remote: '10.0.0.1', checksum: true },
    'ip link add lvs-gre type gre local 10.0.0.17 remote 10.0.0.1 icsum',
    'ip link del lvs-gre',
  ],
  [{ kind: 'link-up', link: 'lvs-gre' }, 'ip link set lvs-gre up', 'ip link set lvs-gre down'],
  [{ kind: 'gue', port: 6080, ipv6: true }, 'ip fou add port 6080 gue -6', 'ip fou del port 6080 -6'],
  [{ kind: 'module', name: 'ipip' }, 'modprobe ipip', ':'],
])('%j', (step, make, undo) => {
  expect(kindOf(step).shell(step)).toEqual({ make, undo });
});

const realServers = Object.entries(setups).filter(([name]) => name.includes('real server'));

describe.each(realServers)('the script of %s', (_name, steps) => {
  test.each(['up', 'down'] as const)('%s is one that sh can read', (action) => {
    const { status, stderr } = spawnSync('sh', ['-n'], {
      input: shellScript(action, steps),
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

test('the script ends with a line for each step, taken back in the opposite order', () => {
  const steps = realServerSteps({ ...realServer, interfaces: [] });
  expect(shellScript('up', steps).trimEnd().split('\n').slice(-3)).toEqual([
    'set_to net/ipv4/conf/all/arp_ignore 1 2',
    'set_to net/ipv4/conf/all/arp_announce 2',
    `unless 'ip address show dev lo | grep -F " 192.0.2.10/32 "' 'ip address add 192.0.2.10/32 dev lo' 'ip address del 192.0.2.10/32 dev lo'`,
  ]);
  expect(shellScript('down', steps).trimEnd().split('\n').slice(-4)).toEqual([
    `when 'ip address show dev lo | grep -F " 192.0.2.10/32 "' 'ip address del 192.0.2.10/32 dev lo'`,
    'back net/ipv4/conf/all/arp_announce 2',
    'back net/ipv4/conf/all/arp_ignore 1',
    'rm -f "$kept"',
  ]);
});

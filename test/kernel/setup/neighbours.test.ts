/** director up tells the neighbours: a client that knew another machine by the VIP knows this one at once. */
import { play } from './ground';

const ground = `
sw lan
host client lan 10.0.0.11/24,2001:db8::11/64
host first lan 10.0.0.15/24,2001:db8::15/64
host second lan 10.0.0.16/24,2001:db8::16/64
printf '%s\\n' '-A -t 10.0.0.13:80 -s rr' '-A -t [2001:db8::13]:80 -s rr' >rules
ip -n first addr add 10.0.0.13/32 dev eth0; ip -n first addr add 2001:db8::13/128 dev eth0 nodad
for address in 10.0.0.13 2001:db8::13; do n client ping -c 1 -W 3 -q $address >/dev/null; done
known() {
  for address in 10.0.0.13 2001:db8::13; do
    for h in first second; do ip -n client neigh show $address | grep -q "lladdr $(mac $h)" && echo "$address: $h"; done
  done
}
known
ip -n first addr del 10.0.0.13/32 dev eth0; ip -n first addr del 2001:db8::13/128 dev eth0
`;

test('by the native executable: ARP and neighbour advertisements', async () => {
  const lines = await play(`${ground}
n second $IPVSADM_NODE director up rules --json | grep -A 4 announced
known`);
  expect(lines).toEqual([
    '10.0.0.13: first',
    '2001:db8::13: first',
    '  "announced": [',
    '    "10.0.0.13",',
    '    "2001:db8::13"',
    '  ]',
    '}',
    '10.0.0.13: second',
    '2001:db8::13: second',
  ]);
}, 120_000);

test('without it: ARP by the kernel, and a sentence about IPv6; nothing of it stays, and up again tells nobody', async () => {
  const lines = await play(`${ground}
bare_program
cat /proc/sys/net/ipv4/conf/all/arp_notify
n second /tmp/bare/bin/ipvsadm director up rules | tail -n 1
known
n second cat /proc/sys/net/ipv4/conf/eth0/arp_notify
unchanged_by second /tmp/bare/bin/ipvsadm director up rules`);
  expect(lines).toEqual([
    '10.0.0.13: first',
    '2001:db8::13: first',
    '0',
    'ipvsadm: note: 2001:db8::13: the neighbours were not told (the native executable is not there): they learn it when their entries end',
    '+ address 2001:db8::13/128 on eth0',
    '10.0.0.13: second',
    '2001:db8::13: first',
    '0',
    'nothing to change',
  ]);
}, 120_000);

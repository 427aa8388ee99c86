/** realserver script, run by a shell on a machine that has not this program. */
import { play } from './ground';

const ran = (shell: string, options: string) => `
for action in up down; do n real $IPVSADM_NODE realserver script $action ${options} >$action.sh; done
run() { n real ${shell} <$1.sh || echo "$1: $?"; }
remember real
run up
requests
echo again
unchanged_by real ${shell} <up.sh
run down
as_before real
echo again
run down
as_before real
ls /run/ipvsadm-realserver* 2>/dev/null`;

test('a shell and programs of busybox alone: direct routing', async () => {
  const lines = await play(`
sw lan
host client lan 10.0.0.11/24,2001:db8::11/64
host real lan 10.0.0.17/24,2001:db8::17/64
host director lan 10.0.0.12/24,2001:db8::12/64
web real 80
printf '%s\\n' '-A -t 10.0.0.13:80' '-a -t 10.0.0.13:80 -r 10.0.0.17:80 -g' '-A -t [2001:db8::13]:80' '-a -t [2001:db8::13]:80 -r [2001:db8::17]:80 -g' >rules
n director $IPVSADM_NODE director up rules >/dev/null
requests() { get client 10.0.0.13 80; get client 2001:db8::13 80; }
echo 2 | n real tee /proc/sys/net/ipv4/conf/all/arp_ignore >/dev/null
${ran('env PATH=/lab/applets /lab/busybox sh', '10.0.0.13 2001:db8::13 --interface eth0')}`);
  const kept = 'real as before';
  expect(lines).toEqual([
    '+ net/ipv4/conf/all/arp_announce = 2',
    '+ net/ipv4/conf/eth0/arp_ignore = 1',
    '+ net/ipv4/conf/eth0/arp_announce = 2',
    '+ ip address add 10.0.0.13/32 dev lo',
    '+ ip address add 2001:db8::13/128 dev lo',
    'real',
    'real',
    'again',
    '- ip address del 2001:db8::13/128 dev lo',
    '- ip address del 10.0.0.13/32 dev lo',
    '- net/ipv4/conf/eth0/arp_announce = 2',
    '- net/ipv4/conf/eth0/arp_ignore = 1',
    '- net/ipv4/conf/all/arp_announce = 2',
    kept,
    'again',
    kept,
  ]);
}, 120_000);

test('iproute2: a tunnel with GUE', async () => {
  const lines = await play(`
sw lan
host client lan 10.0.0.11/24
host real lan 10.0.0.17/24
host director lan 10.0.0.12/24
web real 80
printf '%s\\n' '-A -t 10.0.0.13:80' '-a -t 10.0.0.13:80 -r 10.0.0.17:80 -i --tun-type gue --tun-port 7000' >rules
n director $IPVSADM_NODE director up rules >/dev/null
requests() { get client 10.0.0.13 80; }
${ran('sh', '10.0.0.13 --method gue --tun-port 7000 --local 10.0.0.17')}`);
  expect(lines).toEqual([
    '+ net/ipv4/conf/all/arp_ignore = 1',
    '+ net/ipv4/conf/all/arp_announce = 2',
    '+ ip fou add port 7000 gue',
    '+ ip link add lvs-ipip type ipip local 10.0.0.17 remote any',
    '+ ip link set lvs-ipip up',
    '+ net/ipv4/conf/lvs-ipip/rp_filter = 2',
    '+ ip address add 10.0.0.13/32 dev lvs-ipip',
    'real',
    'again',
    '- ip address del 10.0.0.13/32 dev lvs-ipip',
    '- net/ipv4/conf/lvs-ipip/rp_filter = 2',
    '- ip link del lvs-ipip',
    '- ip fou del port 7000',
    '- net/ipv4/conf/all/arp_announce = 2',
    '- net/ipv4/conf/all/arp_ignore = 1',
    'real as before',
    'again',
    'real as before',
  ]);
}, 120_000);

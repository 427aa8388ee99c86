/** realserver up --persist: after the machine has started anew, the unit's command makes it so again. */
import { play } from './ground';

test('the files are enough to make the real server again, and down removes them', async () => {
  const lines = await play(`
cp -r /etc /tmp/etc && mount -t tmpfs none /etc && cp -r /tmp/etc/. /etc
sw lan
host client lan 10.0.0.11/24
host director lan 10.0.0.12/24
printf '%s\\n' '-A -t 10.0.0.13:80' '-a -t 10.0.0.13:80 -r 10.0.0.17:80 -i' >rules
n director $IPVSADM_NODE director up rules >/dev/null
real() { host real lan 10.0.0.17/24; web real 80; }
real
files() { find /etc/sysctl.d /etc/ipvsadm /etc/systemd ! -type d | sort; }
remember real
n real $IPVSADM_NODE realserver up 10.0.0.13 --method tunnel --persist >/dev/null
files
unchanged_by real $IPVSADM_NODE realserver up 10.0.0.13 --method tunnel --persist
echo anew
ip netns del real && ip link del real0 2>/dev/null
rm -r /run/ipvsadm
real
get client 10.0.0.13 80
. /etc/ipvsadm/realserver.conf
link=/etc/systemd/system/multi-user.target.wants/ipvsadm-realserver.service
program=$(sed -n 's/^ExecStart=\\([^ ]*\\) .*/\\1/p' $link)
cmp $program $(dirname $IPVSADM_NODE)/ipvsadm
n real env - "$(sed -n 's/^Environment=//p' $link)" $program realserver up $OPTIONS | tail -n 1
get client 10.0.0.13 80
n real $IPVSADM_NODE realserver down | head -n 4
files`);
  const files = [
    '/etc/ipvsadm/realserver.conf',
    '/etc/sysctl.d/60-ipvsadm-realserver.conf',
    '/etc/systemd/system/ipvsadm-realserver.service',
    '/etc/systemd/system/multi-user.target.wants/ipvsadm-realserver.service',
  ];
  expect(lines).toEqual([
    ...files,
    'nothing to change',
    'anew',
    'nothing',
    '+ address 10.0.0.13/32 on lvs-ipip',
    'real',
    `- ${files[3]}`,
    `- ${files[2]}`,
    `- ${files[0]}`,
    `- ${files[1]}`,
  ]);
}, 120_000);

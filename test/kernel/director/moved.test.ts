/** The daemon in the place of keepalived and back, as docs/import.md says, under connections that stay. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianProgram } from '../../lab/debian-programs';
import { playDirector } from './ground';

const page = readFileSync(join(__dirname, '../../../docs/import.md'), 'utf8');
let program: string;

beforeAll(async () => {
  program = await debianProgram('keepalived');
}, 600_000);

const configuration = `virtual_server 192.0.2.10 80 {
  delay_loop 2
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  real_server 10.0.0.17 80 {
    TCP_CHECK {
      connect_timeout 1
    }
  }
  real_server 10.0.0.18 80 {
    TCP_CHECK {
      connect_timeout 1
    }
  }
}`;

test('the daemon goes on with the table of keepalived: no change, no connection lost', async () => {
  const [, section = ''] = page.split('\n## In the place of keepalived\n');
  const commands = [...section.split('\n## ')[0]!.matchAll(/^(?:ipvsadm|systemctl) .*?(?= {2,}|$)/gm)].map(
    ([line]) => line,
  );
  expect(commands).toEqual([
    'ipvsadm convert --to json --output /etc/ipvsadm/director.yaml /etc/keepalived/keepalived.conf',
    'ipvsadm restore --check /etc/ipvsadm/director.yaml',
    'ipvsadm diff /etc/ipvsadm/director.yaml',
    'systemctl kill --signal=STOP keepalived',
    'systemctl kill --signal=KILL keepalived',
    'systemctl disable keepalived',
    'systemctl enable --now ipvsadm-director',
    'ipvsadm director status',
  ]);
  const [convert, check, diff] = commands.map((command) => command.replace(/\/etc\/\w+\//g, ''));
  const lines = await playDirector(`network
cat >keepalived.conf <<'END'
${configuration}
END
checks() { # keepalived
  within_namespace d "${program}" -C -n -l -f /tmp/keepalived.conf -p /tmp/pid -c /tmp/pid-c >/dev/null 2>&1 &
  keepalived=$!
}
checks
within 30 'table | grep -q "17:80 -m.*18:80 -m"' && table; echo
ipvsadm() { asks "$@" 2>&1; }
${convert} | head -n 1
${check} | tail -n 1; ${diff}; echo "differs: $?"
talks 10
for signal in STOP KILL; do kill -$signal $keepalived $(cat /tmp/pid-c); done
cp director.yaml lvs.yaml; daemon
within 30 '[ "$(asks health | grep -c " up ")" = 2 ]'
asks health | awk 'NR > 1 { print $1, $2 }'
asks director status | grep daemon
asks director stop && wait $daemon
checks
sleep 5 # keepalived takes away what it finds, if it did not know it
within 30 'table | grep -q "17:80 -m.*18:80 -m"'; table; echo
echo "alive: $(alive)"`);
  const whole =
    '-A -t 192.0.2.10:80 -s rr;-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1;-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 1;';
  expect(lines).toEqual([
    whole,
    'keepalived.conf:7:5: note: only director run checks: without it every server is up',
    'director.yaml: 1 service, 2 real servers, tried on the kernel',
    'differs: 0',
    'tcp:192.0.2.10:80/10.0.0.17:80 up',
    'tcp:192.0.2.10:80/10.0.0.18:80 up',
    expect.stringContaining(', 0 changes sent, 0 refused'),
    'the daemon stops: table and VIPs stay',
    whole,
    'alive: 10',
  ]);
}, 300_000);

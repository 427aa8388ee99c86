/** The second kernel, Debian 12's 6.1, is emulated and slow: it runs a sample of the tests. */
import { type Lab, openLab } from '../lab';
import { programUnderTest } from '../lab/under-test';
import { programs, runTutorial } from '../quickstart/tutorial';
import { buildDriver } from './driver/job';
import { fuzz } from './fuzz-run';
import { play } from './setup/ground';
import { stateRoundTrips } from './state-cases';

const LINES = programUnderTest() === 'native' ? 100 : 200;
const SEED = 6_1;

let lab: Lab;

beforeAll(async () => {
  await buildDriver();
  lab = await openLab({ backend: 'qemu' });
}, 600_000);

afterAll(async () => {
  await lab?.close();
});

test('this is not the kernel of the other tests', () => {
  expect({ backend: lab.backend, major: lab.kernel.split('.')[0] }).toEqual({ backend: 'qemu', major: '6' });
});

test('the tutorial works as the textbook says', async () => {
  const { problems } = await runTutorial(lab, programs.ours);
  expect(problems).toEqual([]);
}, 600_000);

test(`both programs agree on ${LINES} generated command lines`, async () => {
  const report = await fuzz(lab, LINES, SEED);
  expect(report.lines).toBeGreaterThanOrEqual(LINES);
  expect(report.statuses[0]).toBeGreaterThan(LINES / 4);
}, 900_000);

test('random tables survive snapshot, clear and restore; apply turns any table into any other', async () => {
  expect(await stateRoundTrips(lab, 1, SEED)).toBe('');
}, 900_000);

test('source NAT by nftables: a real server with another gateway is served; down takes the table away', async () => {
  const lines = await play(
    `
sw lan far
host client lan 10.1.0.11/24
host director lan 10.1.0.12/24
host router lan 10.1.0.1/24 far 10.2.0.1/24
host real far 10.2.0.17/24
n router sysctl -qw net.ipv4.ip_forward=1
for h in client director; do ip -n $h route add default via 10.1.0.1; done
ip -n real route add default via 10.2.0.1
web real 8080
printf '%s\\n' '-A -t 10.1.0.13:80 -s rr' '-a -t 10.1.0.13:80 -r 10.2.0.17:8080 -m' >rules
n director nft add table ip theirs
remember director
n director $IPVSADM_NODE director up rules --snat
get client 10.1.0.13 80 cgi-bin/who
unchanged_by director $IPVSADM_NODE director up rules --snat
n director $IPVSADM_NODE director status | grep nftables
n director $IPVSADM_NODE director down >/dev/null
as_before director`,
    lab,
  );
  const table = 'nftables table ip ipvsadm: source NAT to 1 real server';
  expect(lines).toEqual([
    '+ net.ipv4.vs.expire_nodest_conn = 1',
    '+ net.ipv4.vs.expire_quiescent_template = 1',
    '+ net.ipv4.ip_forward = 1',
    '+ net.ipv4.vs.conntrack = 1',
    `+ ${table}`,
    '+ table: 2 changes',
    '+ address 10.1.0.13/32 on eth0',
    '10.1.0.12',
    'nothing to change',
    `ok      ${table}`,
    'director as before',
  ]);
}, 600_000);

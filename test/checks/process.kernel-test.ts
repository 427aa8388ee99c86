/** What checks do to the process that runs them, and it to them. */
import { join } from 'node:path';
import { play } from '../kernel/setup/ground';

test('without file descriptors, the fault is said to be ours', async () => {
  const kinds = [
    '{"type":"tcp"}',
    '{"type":"udp","send":"x","expect":{"text":"y"}}',
    '{"type":"ping"}',
    '{"type":"script","command":["/bin/true"],"exit":"plain"}',
    '{"type":"file","path":"/etc/passwd"}',
    '{"type":"tcp","mark":7}',
  ];
  const pairs = kinds.map((kind) => `10.1.0.17:80 '${kind}'`).join(' ');
  const lines = await play(`
ulimit -n 64
FILL=1 node ${join(__dirname, 'lab/check.js')} 10.1.0.100:80 ${pairs}`);
  const full = 'this process has too many open files';
  expect(lines).toEqual([
    `connect (ours): ${full}`,
    `connect (ours): ${full}`,
    `run (ours): ${full}`,
    `run (ours): /bin/true cannot be run: ${full}`,
    `run (ours): /etc/passwd: ${full}`,
    `connect (ours): ${full}`,
  ]);
}, 120_000);

test('a script does not outlive the process', async () => {
  const check = {
    type: 'script',
    command: ['/lab/busybox', 'sleep', '1234'],
    exit: 'plain',
    timeout: 60_000,
  };
  const lines = await play(`
timeout -s TERM 5 node -e 'process.on("SIGTERM", () => { console.log("exits"); process.exit(); });
  process.argv.splice(1, 0, ""); require("${join(__dirname, 'lab/check.js')}")' \\
  10.1.0.100:80 10.1.0.17:80 '${JSON.stringify(check)}' &
tries=0; until pgrep -f 'sleep 1234' >/dev/null || [ $tries = 40 ]; do sleep 0.1; tries=$((tries + 1)); done
echo "runs: $(pgrep -f 'sleep 1234$' | wc -l)"
wait
tries=0; while pgrep -f 'sleep 1234$' >/dev/null && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
echo "runs: $(pgrep -f 'sleep 1234$' | wc -l)"`);
  expect(lines).toEqual(['runs: 1', 'exits', 'runs: 0']);
}, 120_000);

/** The example of docs/library.md, as it stands there, on the real kernel. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';
import { throwAwayDirectory } from './places';

let directory: string;
beforeAll(() => {
  directory = throwAwayDirectory('library');
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(checkout, join(directory, 'node_modules/ipvsadm'));
  const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(checkout, 'docs/library.md'), 'utf8'))!;
  writeFileSync(join(directory, 'example.mjs'), example!);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('the example adds, lists and watches', async () => {
  // The real server is this machine itself; a client opens a connection, keeps it for a while, and
  // then ends.
  const { stdout, stderr } = await connectLab().run({
    script: `ip addr add 192.0.2.10/32 dev lo && ip addr add 10.0.0.17/32 dev lo
mkfifo held
nc -l -p 8080 <held >/dev/null &
server=$!
exec 3>held
: >said
node ${directory}/example.mjs >said &
until grep -q weight said; do sleep 0.1; done
sleep 5 | nc 192.0.2.10 80 &
until grep -q '17 has 1' said; do sleep 0.1; done
kill $server
wait
cat said; "$IPVSADM_C" -Sn`,
    timeoutSeconds: 50,
  });
  expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
    stdout: `add-service: errno 17: the table already has a service with that protocol, address and port, or with that firewall mark and address family: change it with -E (service edit), or make the table match a file with apply
rr 0n
  10.0.0.18:8080 weight 0
  10.0.0.17:8080 weight 1
10.0.0.17 has 1 connections
10.0.0.17 has 0 connections
`,
    stderr: '',
  });
}, 60_000);

test('without IPVS the error names the module', async () => {
  const program = `const { IpvsClient } = require('ipvsadm');
const { NLMSG_ERROR } = { NLMSG_ERROR: 2 };
const refuse = Buffer.alloc(36);
refuse.writeUInt32LE(36, 0); refuse.writeUInt16LE(NLMSG_ERROR, 4); refuse.writeUInt32LE(1, 8); refuse.writeInt32LE(-2, 16);
try { new IpvsClient({ send() {}, receive: () => refuse, close() {} }); }
catch (error) { console.log(error.name, error.errno, error.operation, error.hint); }`;
  writeFileSync(join(directory, 'refused.cjs'), program);
  const { stdout } = await connectLab().run({ script: `node ${directory}/refused.cjs` });
  expect(stdout.toString()).toMatch(
    /^NetlinkError 2 connect ip_vs is neither built into the kernel nor .*: on the host: modprobe ip_vs/,
  );
}, 60_000);

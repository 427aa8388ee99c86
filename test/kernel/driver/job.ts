/** Builds the driver and runs it in the lab's guest. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { buildNative } from '../../../scripts/native/build';
import type { Lab } from '../../lab';
import { shellQuote } from '../../lab/shell';
import { programUnderTest } from '../../lab/under-test';
import { type Answer, INJECTING, type Task } from './protocol';

const root = join(__dirname, '../../..');
const bundle = join(root, 'node_modules/.cache/ipvsadm-test/driver.js');
const injecting = join(root, 'node_modules/.cache/ipvsadm-test/injecting');

/**
 * Builds the driver where the guest sees it, and for the native program a variant that alters the
 * kernel's replies.
 */
export async function buildDriver(): Promise<void> {
  mkdirSync(join(bundle, '..'), { recursive: true });
  buildSync({
    entryPoints: [join(__dirname, 'main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['netlink'],
    logLevel: 'warning',
  });
  if (programUnderTest() === 'node') return;
  await buildNative({ entry: 'test/native/injecting.ts', executable: injecting });
}

/**
 * Runs `task` in a new network namespace. @throws when the driver fails or the job takes too long.
 */
export async function runDriver<K extends Task['kind']>(
  lab: Lab,
  task: Extract<Task, { kind: K }>,
  { hosts, timeoutSeconds }: { hosts?: string | undefined; timeoutSeconds?: number } = {},
): Promise<Extract<Answer, { kind: K }>> {
  const result = await lab.run({
    script: script(task.kind === 'compare'),
    stdin: JSON.stringify(task),
    ...(hosts === undefined ? {} : { hosts }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  });
  if (result.status !== 0) throw new Error(`the driver failed: ${result.stderr.toString('latin1')}`);
  return JSON.parse(result.stdout.toString('utf8')) as Extract<Answer, { kind: K }>;
}

/**
 * A DNS server that knows no name: musl waits seconds for each name when none answers, where glibc
 * notices at once that nobody listens.
 */
const NO_NAMES = `ip link set lo up
node -e '
const server = require("node:dgram").createSocket("udp4");
server.on("message", (query, { port, address }) => {
  query.writeUInt16BE(0x8183, 2);
  server.send(query, port, address);
});
server.bind(53, "127.0.0.1");
' >/dev/null 2>&1 </dev/null &
`;

/**
 * Starts the shells of driver/shell.ts: `here` and `ours` in this network namespace, `other` in a
 * second one.
 */
function script(comparing: boolean): string {
  const native = programUnderTest() !== 'node';
  const folders = [...(comparing ? ['here', 'other'] : []), ...(native ? ['ours'] : [])];
  const shells = `
cat >/tmp/loop <<'END'
exec 3<"$1/bell" 4>"$1/answer"
while read -r ring <&3; do
  . "$1/command" <"$1/stdin" >"$1/stdout" 2>"$1/stderr"
  echo $? >&4
done
END
for folder in ${folders.map((name) => `/tmp/${name}`).join(' ')}; do mkdir $folder; mkfifo $folder/bell $folder/answer; done
`;
  const start = {
    here: 'PATH=${IPVSADM_C%/*}:$PATH sh /tmp/loop /tmp/here &\n',
    other: `PATH=\${IPVSADM_C%/*}:$PATH unshare -n sh -c 'ip link set lo up; exec sh /tmp/loop /tmp/other' &\n`,
    ours: `${INJECTING}=${shellQuote(injecting)} PATH=\${IPVSADM_OURS%/*}:$PATH sh /tmp/loop /tmp/ours &\n`,
  };
  const starts = folders.map((name) => start[name as keyof typeof start]).join('');
  return `${programUnderTest() === 'static' ? NO_NAMES : ''}${folders.length > 0 ? shells + starts : ''}exec node ${shellQuote(bundle)}\n`;
}

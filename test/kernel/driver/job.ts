/** Builds the driver and runs it in the lab's guest. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Lab } from '../../lab';
import { shellQuote } from '../../lab/shell';
import type { Answer, Task } from './protocol';

const root = join(__dirname, '../../..');
const bundle = join(root, 'node_modules/.cache/ipvsadm-test/driver.js');

/** Lays the driver where the guest sees it. */
export function buildDriver(): void {
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
}

/** Runs `task` in a fresh network namespace. @throws when the driver fails or the job takes too long. */
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

/** The shells of driver/shell.ts: one in this network namespace, one in a twin of it. */
function script(withShells: boolean): string {
  const shells = `
cat >/tmp/loop <<'END'
exec 3<"$1/bell" 4>"$1/answer"
while read -r ring <&3; do
  . "$1/command" <"$1/stdin" >"$1/stdout" 2>"$1/stderr"
  echo $? >&4
done
END
for folder in /tmp/here /tmp/twin; do mkdir $folder; mkfifo $folder/bell $folder/answer; done
PATH=\${IPVSADM_C%/*}:$PATH
sh /tmp/loop /tmp/here &
unshare -n sh -c 'ip link set lo up; exec sh /tmp/loop /tmp/twin' &
`;
  return `${withShells ? shells : ''}exec node ${shellQuote(bundle)}\n`;
}

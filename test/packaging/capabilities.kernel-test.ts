/**
 * What docs/containers.md says of capabilities and user namespaces, of both forms of the program.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lab, openLab } from '../lab';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';

/** How each form gets to /tmp/program, where nobody, too, finds it. */
const programs = {
  native: `cp ${checkout}/dist/native/ipvsadm /tmp/program`,
  node: `mkdir -p /tmp/node/dist && cp -r ${checkout}/bin /tmp/node
cp -r ${checkout}/dist/*.*js ${checkout}/dist/prebuilds /tmp/node/dist && ln -s node/bin/ipvsadm /tmp/program`,
};
const denied =
  "Can't initialize ipvs: Permission denied (you must be root)\nAre you sure that IP Virtual Server is built in the kernel or as module?\n";
const missing = denied.replace('Permission denied (you must be root)', 'Protocol not available');

/** util-linux's: busybox has one that can less. */
const setpriv = '/usr/bin/setpriv';
const nobody = `${setpriv} --reuid 65534 --regid 65534 --clear-groups`;

const cases: readonly (readonly [name: string, prefix: string, allowed: boolean])[] = [
  [
    'root with CAP_NET_ADMIN alone',
    `${setpriv} --bounding-set -all,+net_admin --inh-caps -all,+net_admin`,
    true,
  ],
  [
    'nobody with CAP_NET_ADMIN',
    `${nobody} --inh-caps -all,+net_admin --ambient-caps -all,+net_admin --bounding-set -all,+net_admin`,
    true,
  ],
  ['root without CAP_NET_ADMIN', `${setpriv} --bounding-set -net_admin`, false],
  ['nobody', nobody, false],
  ['root of a user namespace', 'unshare --user --map-root-user', false],
  ['root of a user namespace with a network of its own', 'unshare --user --map-root-user --net', false],
];

async function run(lab: Lab, script: string) {
  const { stdout, stderr } = await lab.run({ script });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

describe.each(Object.entries(programs))('%s', (_name, setUp) => {
  test.each(cases)(
    '%s',
    async (_case, prefix, allowed) => {
      const script = `${setUp}\n${prefix} /tmp/program -A -f 7; echo $?; "$IPVSADM_C" -Sn`;
      expect(await run(connectLab(), script)).toEqual(
        allowed ? { stdout: '0\n-A -f 7 -s wlc\n', stderr: '' } : { stdout: '2\n', stderr: denied },
      );
    },
    60_000,
  );
});

test('without the module the message says so only to who has CAP_NET_RAW, as with the C program', async () => {
  const { backend } = connectLab();
  const lab = await openLab({ backend: backend === 'host' ? 'uml' : backend, modules: 'none' });
  const capabilities = (some: string) => `${setpriv} --bounding-set -all,${some} --inh-caps -all,${some}`;
  try {
    for (const [prefix, message] of [
      ['', missing],
      [capabilities('+net_admin,+net_raw'), missing],
      [capabilities('+net_admin'), denied],
    ] as const) {
      const ours = await run(lab, `${programs.native}; ${prefix} /tmp/program -Ln; echo $?`);
      const theirs = await run(lab, `${prefix} "$IPVSADM_C" -Ln; echo $?`);
      expect(ours).toEqual(theirs);
      expect({ ...ours, stderr: ours.stderr.replace(/^modprobe: .*\n/m, '') }).toEqual({
        stdout: '2\n',
        stderr: message,
      });
    }
  } finally {
    await lab.close();
  }
}, 120_000);

test('the messages are those that docs/containers.md explains', () => {
  const text = readFileSync(join(checkout, 'docs/containers.md'), 'utf8');
  for (const message of [denied, missing]) expect(text).toContain(message.split('\n')[0]);
});

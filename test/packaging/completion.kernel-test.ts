/** Completion in real shells, on a table of the real kernel. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import candidates from '../../src/commands/support/candidates-program';
import { commands as tree } from '../../src/commands/tree';
import { completionScripts } from '../../src/completion/scripts';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';
import { debianRoot, enterRoot } from './debian-roots';
import { throwAwayDirectory } from './places';

const lab = connectLab();

const rules = `-A -t 192.0.2.10:80 -s wrr
-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 1
-a -t 192.0.2.10:80 -r 10.0.0.18:8080 -m -w 1
-A -u 192.0.2.10:53 -s rr
-a -u 192.0.2.10:53 -r 10.0.0.19:53 -m -w 1
-A -t [2001:db8::10]:443 -s sh
-A -f 7 -6 -s wlc
`;

/**
 * A command line, the candidates for its last word, and these without the part of the word that
 * bash keeps.
 */
const cases: readonly (readonly [line: string, offered: string, bash?: string])[] = [
  ['ipvsadm ser', 'server service'],
  ['ipvsadm service ', 'add delete edit set show'],
  ['ipvsadm help server d', 'delete drain'],
  ['ipvsadm service add --s', '--sctp --scheduler --sched-flags'],
  ['ipvsadm service add --tcp 192.0.2.11:80 --scheduler w', 'wrr wlc'],
  ['ipvsadm service add --scheduler=w', '--scheduler=wrr --scheduler=wlc', 'wrr wlc'],
  ['ipvsadm -A -t 192.0.2.11:80 -s l', 'lc lblc lblcr'],
  ['ipvsadm --add-ser', '--add-service --add-server'],
  ['ipvsadm -ln --ra', '--rate'],
  ['ipvsadm --start-daemon ', 'master backup'],
  ['ipvsadm daemon stop b', 'backup'],
  ['ipvsadm completion ', 'bash zsh fish'],
  ['ipvsadm clear ', '--dry-run --quiet -q --explain --netns'],
  ['ipvsadm -E -t 192', '192.0.2.10:80'],
  ['ipvsadm -E -t 192.0.2.10:', '192.0.2.10:80', '80'],
  ['ipvsadm -D -u ', '192.0.2.10:53'],
  ['ipvsadm list --fwmark ', '7'],
  ['ipvsadm -A -t ', ''],
  ['ipvsadm --explain server d', 'delete drain'],
  ['ipvsadm --explain --e', '--edit-service --edit-server --exact'],
  ['ipvsadm --netns ', 'other'],
  ['ipvsadm --netns other ser', 'server service'],
  ['ipvsadm --netns other -D -f ', '9'],
  ['ipvsadm --netns=other --explain server delete --fwmark ', '9'],
  ['ipvsadm service delete --netns other --fwmark ', '9'],
  ['ipvsadm service delete --fwmark ', '7'],
  [
    'ipvsadm service show ',
    '192.0.2.10:80 udp:192.0.2.10:53 [2001:db8::10]:443 fwmark:7:ipv6',
    '192.0.2.10:80 udp:192.0.2.10:53 \\[2001:db8::10\\]:443 fwmark:7:ipv6',
  ],
  ['ipvsadm service show tcp:192', 'tcp:192.0.2.10:80', '192.0.2.10:80'],
  ['ipvsadm list --service u', 'udp:192.0.2.10:53'],
  ['ipvsadm undo ', '7 12'],
  ['ipvsadm health shop/', 'shop/web01 shop/web02'],
  ['ipvsadm server drain ', 'shop shop/web01 shop/web02'],
  ['ipvsadm -d -t 192.0.2.10:80 -r ', '10.0.0.17:8080 10.0.0.18:8080'],
  ['ipvsadm server edit --udp 192.0.2.10:53 --real-server 1', '10.0.0.19:53'],
  [
    'ipvsadm server add --tcp 192.0.2.10:80 --real-server 10.0.0.1',
    '10.0.0.17:8080 10.0.0.18:8080 10.0.0.19:53',
  ],
];

let root: string;
let directory: string;
beforeAll(async () => {
  root = await debianRoot('tools');
  directory = throwAwayDirectory('completion');
  for (const [shell, script] of Object.entries(completionScripts)) {
    writeFileSync(join(directory, `ipvsadm.${shell}`), script(tree, candidates));
  }
}, 300_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.each(['bash', 'zsh', 'fish'] as const)(
  '%s offers commands, options, values, and services and servers of the table',
  async (shell) => {
    const inProject = (path: string) => path.replace(checkout, '/project');
    const { stdout, stderr } = await lab.run({
      script: `${enterRoot(root)}
cat >/tmp/root/usr/sbin/ipvsadm <<'END'
#!/bin/sh
[ "$1" != health ] || exec cat /tmp/health # there is no Node in this tree
exec /project/dist/native/ipvsadm "$@"
END
chmod +x /tmp/root/usr/sbin/ipvsadm
printf '%s\n' 'SERVER      STATE  FOR' 'shop/web01  up     5s' 'shop/web02  down   2m' >/tmp/root/tmp/health
mkdir -p /tmp/root/run/ipvsadm /tmp/root/var/lib/ipvsadm/history
touch /tmp/root/var/lib/ipvsadm/history/7 /tmp/root/var/lib/ipvsadm/history/12 /tmp/root/var/lib/ipvsadm/history/new.8
node -e 'require("node:net").createServer().listen("/tmp/root/run/ipvsadm/director.sock")' &
tries=0
until [ -S /tmp/root/run/ipvsadm/director.sock ] || [ $tries -gt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
printf '%s' "$RULES" | in_root ipvsadm -R
unshare -n sh -c 'mkdir /tmp/root/run/netns && : >/tmp/root/run/netns/other && mount --bind /proc/self/ns/net /tmp/root/run/netns/other'
in_root ipvsadm --netns other -A -f 9
in_root env TERM=dumb ${shell} /project/test/packaging/shells/complete.${shell} ${inProject(directory)}/ipvsadm.${shell}`,
      stdin: cases.map(([line]) => `${line}\n`).join(''),
      env: { RULES: rules },
    });
    const sorted = (text: string) => text.split(' ').sort().join(' ');
    const lines = stdout.toString().replace(/\r/g, '').trimEnd().split('\n');
    const offered = lines.map((line) => line.replace(/(?<= => ).*/, sorted));
    expect({ offered, stderr: stderr.toString() }).toEqual({
      offered: cases.map(([line, all, short]) => `${line} => ${sorted((shell === 'bash' && short) || all)}`),
      stderr: '',
    });
  },
  120_000,
);

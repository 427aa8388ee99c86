/**
 * The RPM, installed by `rpm --root` in throw-away trees, whose libc is Debian's. What rpm requires there
 * stands for RHEL 7's packages (test/packaging/rpm/base.spec).
 */
import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { version } from '../../package.json';
import { runCommand } from '../../scripts/debian/command';
import { buildRpm } from '../../scripts/package/rpm';
import { rpmTools } from '../../scripts/package/rpm-tools';
import { CONNECTIONS, traffic } from '../kernel/traffic/live';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';
import { debianRoot, enterRoot } from './debian-roots';
import { throwAwayDirectory } from './places';
import { buildPackages, type Packages, rpmRoot } from './rpm/packages';

const lab = connectLab();
const seconds = 120_000;

let directory: string;
let packages: Packages;
let preparation: string;

beforeAll(async () => {
  directory = throwAwayDirectory('rpm');
  packages = await buildPackages(directory);
  preparation = `${enterRoot(await debianRoot('bare'))}${await rpmRoot()}
rules=/tmp/root/etc/sysconfig/ipvsadm; settings=$rules-config
file() { echo "$1" | sed 's,^/project,${checkout},'; }
install() { rpm_root --force-debian -i "$(file ${packages.base})" "$(file ${packages.ours})" || exit; }
`;
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function inRoot(script: string) {
  const { stdout, stderr, status } = await lab.run({
    script: `${preparation}${script}`,
    timeoutSeconds: 100,
  });
  return { stdout: stdout.toString(), stderr: stderr.toString(), status };
}

test(
  'it installs where there is no systemd, and its programs work',
  async () => {
    const outcome = await inRoot(`install
rpm_root -V ipvsadm-node && rpm_root -q --whatprovides ipvsadm
in_root ipvsadm -v >version; "$IPVSADM_C" -v | cut -c 1-13; cut -c 1-13 version; in_root ipvsadm -h | head -n 1 | cut -c 1-7
in_root ipvsadm -A -t 192.0.2.10:80 -s rr && in_root ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.17 -m
in_root ipvsadm-save -n >saved && in_root ipvsadm -C && in_root ipvsadm-restore <saved
in_root ipvsadm service add --fwmark 7 && in_root ipvsadm list --help | head -n 1
in_root ipvsadm -Ln >ours; "$IPVSADM_C" -Ln >theirs; cmp ours theirs && "$IPVSADM_C" -Sn`);
    expect(outcome).toEqual({
      stdout: `ipvsadm-node-${version}-1.x86_64
ipvsadm v1.31
ipvsadm v1.31
ipvsadm
list services and real servers, connections, timeouts or sync daemons
-A -t 192.0.2.10:80 -s rr
-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1
-A -f 7 -s wlc
`,
      stderr: '',
      status: 0,
    });
  },
  seconds,
);

test(
  'settings and rules survive an upgrade and a removal',
  async () => {
    const outcome = await inRoot(`install; stat -c '%a %U' $settings
echo 'SAVE="false"' >$settings; echo '-A -f 7' >$rules
rpm_root --force-debian -U --force "$(file ${packages.ours})"; cat $settings $rules
rpm_root --force-debian -e ipvsadm-node; ls /tmp/root/etc/sysconfig /tmp/root/usr/lib | grep ipvsadm; cat $settings.rpmsave $rules
in_root sh -c 'ls /usr/sbin/ipvsadm* /usr/share/licenses 2>/dev/null' | grep ipvsadm`);
    expect({ ...outcome, status: 0 }).toEqual({
      stdout: `600 root
SAVE="false"
-A -f 7
ipvsadm
ipvsadm-config.rpmsave
SAVE="false"
-A -f 7
`,
      stderr: expect.stringMatching(/^warning: .*ipvsadm-config saved as .*ipvsadm-config\.rpmsave\n$/),
      status: 0,
    });
  },
  seconds,
);

describe('the service', () => {
  const service = 'in_root bash /usr/lib/ipvsadm/service'; // RHEL's sh
  const table = 'echo "table: $("$IPVSADM_C" -Sn | xargs)"';

  test.each([
    [
      'loads at the start; saves and clears at the stop',
      `echo '-A -f 1' >$rules; ${service} start; ${table}; "$IPVSADM_C" -A -f 2; ${service} stop; echo $?; ${table}
grep -v '^#' $rules; stat -c %a $rules`,
      'table: -A -f 1 -s wlc\n0\ntable: \n-A -f 1 -s wlc\n-A -f 2 -s wlc\n644\n',
      '',
    ],
    [
      "without rules a start fails and changes nothing, as RHEL's; a stop makes the file",
      `"$IPVSADM_C" -A -f 1; ${service} start; echo $?; ${table}; ${service} stop; stat -c %a $rules; grep -v '^#' $rules; ${table}`,
      '1\ntable: -A -f 1 -s wlc\n600\n-A -f 1 -s wlc\ntable: \n',
      "/etc/sysconfig/ipvsadm is missing: '/usr/lib/ipvsadm/service save' writes it; the table is unchanged\n",
    ],
    [
      'a stop saves over edited rules, and keeps their text',
      `echo '-A -f 1' >$rules; ${service} start; sleep 1; echo '-A -f 9' >$rules; ${service} stop; echo $?; grep -v '^#' $rules; cat $rules.edited`,
      '0\n-A -f 1 -s wlc\n-A -f 9\n',
      '/etc/sysconfig/ipvsadm was edited since it was loaded: its text is now in /etc/sysconfig/ipvsadm.edited\n',
    ],
    [
      'saves nothing if it is told so',
      `echo '-A -f 1' >$rules; echo SAVE=false >$settings; ${service} start; "$IPVSADM_C" -A -f 2; ${service} stop; cat $rules; ${table}`,
      '-A -f 1\ntable: \n',
      '',
    ],
    [
      'a reload with a mistake changes nothing',
      `echo '-A -f 1' >$rules; ${service} start; echo '-A -f x' >$rules; ${service} reload 2>said; echo $?; ${table}; sed -n 1p said`,
      '1\ntable: -A -f 1 -s wlc\n/etc/sysconfig/ipvsadm was not loaded:\n',
      '',
    ],
    [
      'a restart keeps the table that it saves',
      `echo '-A -f 1' >$rules; ${service} start; "$IPVSADM_C" -A -f 2; ${service} restart; ${table}; grep -v '^#' $rules`,
      'table: -A -f 1 -s wlc -A -f 2 -s wlc\n-A -f 1 -s wlc\n-A -f 2 -s wlc\n',
      '',
    ],
  ])(
    '%s',
    async (_name, script, stdout, stderr) => {
      const outcome = await inRoot(`install\n${script}`);
      expect({ stdout: outcome.stdout, stderr: outcome.stderr }).toEqual({ stdout, stderr });
    },
    seconds,
  );
});

test.each([
  ['with Node', ''],
  ['without Node', 'rm /tmp/root/usr/bin/node*'],
])(
  '%s no connection is lost when the service reloads or restarts',
  async (_name, prepare) => {
    const commands = ['reload', 'restart'];
    const { stdout, stderr } = await lab.run({
      script: `${preparation}install\n${prepare}
${traffic('-g')}
mv rules /tmp/live; rules=/tmp/live; ln -s /tmp/live rules
{ cat /tmp/live; echo -A -f 7; } >/tmp/root/etc/sysconfig/ipvsadm
${commands.map((command) => `survivors ${command} in_root /usr/lib/ipvsadm/service ${command}`).join('\n')}
cat lost
"$IPVSADM_C" -Sn | wc -l
kill $real`,
      timeoutSeconds: 200,
    });
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
      stdout: `${commands.map((command) => `${command}: ${CONNECTIONS}\n`).join('')}2\n`,
      stderr: '',
    });
  },
  300_000,
);

test('it requires nothing of a C library after 2.17', async () => {
  const { rpm, env, settings } = await rpmTools();
  const archive = packages.ours.replace('/project', checkout);
  const list = await runCommand(rpm, [...settings, '-qp', '--requires', archive], {
    env: { ...process.env, ...env },
  });
  const minors = [...list.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  expect(minors.length).toBeGreaterThan(3);
  expect(Math.max(...minors)).toBeLessThanOrEqual(17);
});

test('it is built the same twice, whatever the umask', async () => {
  const umask = process.umask(0o077);
  try {
    const again = await buildRpm(join(directory, 'again'));
    const first = join(directory, basename(packages.ours));
    expect(readFileSync(again).equals(readFileSync(first))).toBe(true);
  } finally {
    process.umask(umask);
  }
}, 60_000);

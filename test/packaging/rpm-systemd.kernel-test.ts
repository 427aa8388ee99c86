/**
 * The RPM on a machine whose first process is systemd 252, as on RHEL 9: in place of RHEL's package, with
 * a table in use, and back. And what rpmlint says of it.
 */
import { rmSync } from 'node:fs';
import { version } from '../../package.json';
import { type Lab, openLab } from '../lab';
import { connectLab } from '../lab/client';
import { debianRoot, enterRoot } from './debian-roots';
import { throwAwayDirectory } from './places';
import { buildPackages, type Packages } from './rpm/packages';

let directory: string;
let packages: Packages;
let root: string;
let lab: Lab;

beforeAll(async () => {
  directory = throwAwayDirectory('rpm-systemd');
  packages = await buildPackages(directory);
  root = await debianRoot('rpm');
  // A guest of its own: a system's start sets what is the whole kernel's.
  lab = await openLab({ backend: connectLab().backend === 'qemu' ? 'qemu' : 'uml' });
}, 300_000);

afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await lab?.close();
});

async function inRoot(script: string) {
  const { stdout, stderr } = await lab.run({ script: `${enterRoot(root)}${script}`, timeoutSeconds: 120 });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

/** The connections that a service has counted: 0 if it was deleted and added again. */
const counted = `ipvsadm -Ln --stats | awk '$1 == "TCP" { print "counted", $3 }'`;
const state = 'echo "$(systemctl is-active ipvsadm) $(systemctl is-enabled ipvsadm)"; ipvsadm -Sn';

const session = ({ ours, base, rhel }: Packages) => `
rpm() { command rpm --force-debian "$@"; }
rpm -i ${base} ${rhel}
printf '%s\\n' '-A -t 127.0.0.1:80 -s rr' '-a -t 127.0.0.1:80 -r 127.0.0.1:80 -m' >/etc/sysconfig/ipvsadm
systemctl --quiet enable --now ipvsadm; ipvsadm -A -f 7; (: <>/dev/tcp/127.0.0.1/80) 2>/dev/null; sleep 3; ${counted}
echo replaced; rpm -U ${ours}; echo $?; rpm -q ipvsadm ipvsadm-node
${state}; ${counted}; ls /run/ipvsadm; cat /etc/sysconfig/ipvsadm-config | head -n 1
echo reloaded; sleep 1; echo '-A -f 8' >>/etc/sysconfig/ipvsadm; systemctl reload ipvsadm; echo $?; ipvsadm -Sn; ${counted}
echo restarted; systemctl restart ipvsadm; echo $?; ${counted}
echo upgraded; rpm -U --force ${ours}; ${state}; ${counted}
echo stopped; systemctl stop ipvsadm; ipvsadm -Sn; grep -v '^#' /etc/sysconfig/ipvsadm
echo started; systemctl start ipvsadm; ${state}
echo removed; rpm -e ipvsadm-node; ls /usr/sbin | grep ipvsadm
echo back; rpm -i ${rhel}; systemctl daemon-reload; systemctl --quiet enable --now ipvsadm; ${state}
systemctl --no-block exit
`;

const rules = `-A -t 127.0.0.1:80 -s rr
-a -t 127.0.0.1:80 -r 127.0.0.1:80 -m -w 1
-A -f 7 -s wlc
`;
const expected = `counted 1
replaced
0
package ipvsadm is not installed
ipvsadm-node-${version}-1.x86_64
active enabled
${rules}counted 1
loaded
# Settings of ipvsadm.service, read by the shell script /usr/lib/ipvsadm/service. The rules are in
reloaded
0
${rules}-A -f 8 -s wlc
counted 1
restarted
0
counted 1
upgraded
active enabled
${rules}-A -f 8 -s wlc
counted 1
stopped
${rules}-A -f 8 -s wlc
started
active enabled
${rules}-A -f 8 -s wlc
removed
back
active enabled
${rules}-A -f 8 -s wlc
`;

const unit = `[Unit]
After=basic.target
[Service]
Type=oneshot
StandardOutput=file:/session.out
StandardError=file:/session.err
ExecStart=/bin/bash /session
`;

test("with a table in use it takes the place of RHEL's package, and gives it back", async () => {
  const outcome = await inRoot(`
cat >/tmp/root/session <<'END'
${session(packages)}END
cat >/tmp/root/etc/systemd/system/session.service <<'END'
${unit}END
mkdir -p /tmp/root/etc/systemd/system/multi-user.target.wants
ln -s ../session.service /tmp/root/etc/systemd/system/multi-user.target.wants/session.service
unshare -p -f -m -u sh -c '
  mount -t proc proc /tmp/root/proc && mount -t cgroup2 cgroup2 /tmp/root/sys/fs/cgroup || exit
  exec env -i container=lab PATH=/usr/sbin:/usr/bin chroot /tmp/root /lib/systemd/systemd --unit=multi-user.target' </dev/null >/tmp/console 2>&1 ||
  cat /tmp/console
cat /tmp/root/session.out; grep -v -e '^Created symlink' -e '^Removed' /tmp/root/session.err >&2`);
  expect(outcome).toEqual({ stdout: expected, stderr: '' });
}, 300_000);

test('rpmlint finds nothing that is not explained', async () => {
  const { stdout } = await inRoot(
    `in_root rpmlint --rpmlintrc /project/packaging/rpm/rpmlintrc ${packages.ours}`,
  );
  expect(stdout.split('\n').filter((line) => / [EW]: /.test(line))).toEqual([]);
  expect(stdout).toMatch(/^ 1 packages and 0 specfiles checked; 0 errors, 0 warnings/m);
}, 120_000);

test.each(['ipvsadm', 'ipvsadm-module'])(
  'systemd finds nothing wrong with the unit %s',
  async (name) => {
    const outcome = await inRoot(`in_root rpm --force-debian -i ${packages.base} ${packages.ours}
in_root systemd-analyze verify --man=no /usr/lib/systemd/system/${name}.service 2>&1 | grep ipvsadm
in_root systemd-analyze security --offline=yes --no-pager ipvsadm.service | awk '/Overall/ { print ($(NF - 2) < 3) }'`);
    expect(outcome).toEqual({ stdout: '1\n', stderr: '' });
  },
  120_000,
);

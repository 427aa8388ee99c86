/** The Debian package on a machine whose first process is systemd, from its start to its end. */
import { rmSync } from 'node:fs';
import { buildDebianPackage } from '../../scripts/package/debian';
import { type Lab, openLab } from '../lab';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';
import { debianRoot, enterRoot } from './debian-roots';
import { throwAwayDirectory } from './places';

let directory: string;
let lab: Lab;

beforeAll(async () => {
  directory = throwAwayDirectory('systemd');
  // A guest of its own: a system's start sets what is the whole kernel's.
  lab = await openLab({ backend: connectLab().backend === 'qemu' ? 'qemu' : 'uml' });
}, 300_000);

afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await lab?.close();
});

/** What is done while the machine runs; then it is shut down, which stops its services. */
const session = `
systemctl is-active ipvsadm; ipvsadm -Sn; ipvsadm -A -f 7
systemctl restart ipvsadm; echo restarted $?; ipvsadm -Sn; ipvsadm -A -f 8
systemctl reload ipvsadm; echo reloaded $?; ipvsadm -Sn
sleep 1; cp -p /etc/ipvsadm.rules /right; echo '-A -f x' >/etc/ipvsadm.rules
systemctl reload ipvsadm; echo reloaded $?; ipvsadm -Sn
systemctl restart ipvsadm; echo restarted $?; ipvsadm -Sn
cp -p /right /etc/ipvsadm.rules; systemctl start ipvsadm; echo started $?; ipvsadm -Sn
systemctl stop ipvsadm; echo stopped $?; ipvsadm -Sn
systemctl start ipvsadm; echo started $?; ipvsadm -A -f 9
systemctl --no-block exit
`;

const unit = `[Unit]
After=ipvsadm.service
[Service]
Type=oneshot
StandardOutput=file:/session.out
StandardError=null
ExecStart=/bin/sh /session
`;

test.each([
  [
    'with Node',
    'node=$(readlink -f "$(command -v node)"); : >/tmp/root/usr/bin/node; mount --bind "$node" /tmp/root/usr/bin/node',
    '/etc/ipvsadm.rules',
  ],
  ['without Node', '', '(standard input)'],
])(
  '%s the rules are loaded at the start and saved at the end',
  async (_name, prepare, source) => {
    const archive = (await buildDebianPackage(directory)).replace(checkout, '/project');
    const { stdout, stderr } = await lab.run({
      script: `${enterRoot(await debianRoot('tools'))}
in_root env DEBIAN_FRONTEND=noninteractive dpkg -i ${archive} >/tmp/dpkg 2>&1 || cat /tmp/dpkg
${prepare}
sed -i 's/^AUTO=.*/AUTO="true"/' /tmp/root/etc/default/ipvsadm
echo '-A -f 6 -s rr' >/tmp/root/etc/ipvsadm.rules
chown root /tmp/root/etc && chown nobody /tmp/root/etc/ipvsadm.rules && chmod 600 /tmp/root/etc/ipvsadm.rules
cat >/tmp/root/session <<'END'
${session}END
mkdir /tmp/root/etc/systemd/system/ipvsadm.service.d
printf '[Service]\\nStandardError=append:/messages\\n' >/tmp/root/etc/systemd/system/ipvsadm.service.d/messages.conf
cat >/tmp/root/etc/systemd/system/session.service <<'END'
${unit}END
ln -s ../session.service /tmp/root/etc/systemd/system/multi-user.target.wants/session.service
unshare -p -f -m -u sh -c '
  mount -t proc proc /tmp/root/proc && mount -t cgroup2 cgroup2 /tmp/root/sys/fs/cgroup || exit
  exec env -i container=lab PATH=/usr/sbin:/usr/bin chroot /tmp/root /lib/systemd/systemd --unit=multi-user.target' </dev/null >/tmp/console 2>&1 ||
  cat /tmp/console
cat /tmp/root/session.out /tmp/root/etc/ipvsadm.rules; in_root stat -c '%U %a' /etc/ipvsadm.rules
grep 'fwmark' /tmp/root/messages`,
      timeoutSeconds: 120,
    });
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
      stdout: `active
-A -f 6 -s rr
restarted 0
-A -f 6 -s rr
-A -f 7 -s wlc
reloaded 0
-A -f 6 -s rr
-A -f 7 -s wlc
reloaded 1
-A -f 6 -s rr
-A -f 7 -s wlc
restarted 1
-A -f 6 -s rr
-A -f 7 -s wlc
started 0
-A -f 6 -s rr
-A -f 7 -s wlc
stopped 0
started 0
# Written by /usr/lib/ipvsadm/service save.
-A -f 6 -s rr
-A -f 7 -s wlc
-A -f 9 -s wlc
nobody 600
${`${source}:1:7: invalid fwmark value \`x' specified\n`.repeat(2)}`,
      stderr: '',
    });
  },
  300_000,
);

/** The small image, built and run by buildah in a throw-away Debian. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fillImage } from '../../scripts/package/image';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';
import { debianRoot, enterRoot } from './debian-roots';
import { throwAwayDirectory } from './places';

const directory = throwAwayDirectory('image');
let root: string;

beforeAll(async () => {
  await fillImage(join(directory, 'image'));
  root = await debianRoot('buildah');
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('it holds the program alone, which works there with CAP_NET_ADMIN alone', async () => {
  const context = join(directory, 'image').replace(checkout, '/project');
  const { stdout, stderr } = await connectLab().run({
    script: `${enterRoot(root)}
mkdir -p /tmp/root/etc/containers /tmp/root/tmp/store
echo '{"default":[{"type":"insecureAcceptAnything"}]}' >/tmp/root/etc/containers/policy.json
buildah() { in_root buildah --root /tmp/store --runroot /run/store --storage-driver vfs "$@"; }
buildah build --isolation chroot -t ipvsadm -f /project/packaging/container/Containerfile.scratch ${context} >built 2>&1 || cat built
size=$(buildah inspect --type image --format '{{.Manifest}}' ipvsadm | sed 's/.*tar","digest":"[^"]*","size":\\([0-9]*\\).*/\\1/')
[ "$size" -lt 1200000 ] && echo "less than 1.2 MB"
buildah inspect --type image --format '{{.OCIv1.Config.Entrypoint}}' ipvsadm
echo; container=$(buildah from --pull-never --cap-drop all --cap-add CAP_NET_ADMIN ipvsadm)
(cd "/tmp/root$(buildah mount "$container")" && find . -type f -o -type l | sort)
run() { buildah run --isolation chroot "$container" -- "$@"; }
run ipvsadm -A -t 192.0.2.10:80 -s rr && run ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.17 -m
run ipvsadm-save -n >saved; cat saved; run ipvsadm -C; run ipvsadm-restore <saved
run ipvsadm -Ln >ours; "$IPVSADM_C" -Ln | cmp - ours && "$IPVSADM_C" -Sn | cmp - saved && echo equal
container=$(buildah from --pull-never --cap-drop all ipvsadm); run ipvsadm -Ln 2>&1 | head -n 1`,
    timeoutSeconds: 200,
  });
  expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
    stdout: `less than 1.2 MB
[ipvsadm]
./usr/sbin/ipvsadm
./usr/sbin/ipvsadm-restore
./usr/sbin/ipvsadm-save
./usr/share/doc/ipvsadm-node/LICENSE
./usr/share/doc/ipvsadm-node/copyright
./usr/share/doc/ipvsadm-node/copyright.musl
./usr/share/doc/ipvsadm-node/sbom.json
-A -t 192.0.2.10:80 -s rr
-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1
equal
Can't initialize ipvs: Permission denied (you must be root)
`,
    stderr: '',
  });
}, 300_000);

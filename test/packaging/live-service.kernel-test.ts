/** Connections that speak while the service of the Debian package replaces the table. */
import { rmSync } from 'node:fs';
import { buildDebianPackage } from '../../scripts/package/debian';
import { CONNECTIONS, traffic } from '../kernel/traffic/live';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';
import { debianRoot, enterRoot } from './debian-roots';
import { throwAwayDirectory } from './places';

const directory = throwAwayDirectory('live-service');
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const commands = ['reload', 'force-reload', 'restart', 'load'];

test.each([
  ['with Node', ''],
  ['without Node', 'rm /tmp/root/usr/bin/node*'],
])(
  '%s no connection is lost',
  async (_name, prepare) => {
    const archive = (await buildDebianPackage(directory)).replace(checkout, '/project');
    const service = 'in_root /usr/lib/ipvsadm/service';
    const { stdout, stderr } = await connectLab().run({
      script: `${enterRoot(await debianRoot('bare'))}
in_root env DEBIAN_FRONTEND=noninteractive dpkg -i ${archive} >/tmp/dpkg 2>&1 || cat /tmp/dpkg
${prepare}
${traffic('-g')}
echo AUTO=true >/tmp/root/etc/default/ipvsadm
{ cat rules; echo -A -f 7; } >/tmp/root/etc/ipvsadm.rules
${commands.map((command) => `survivors ${command} ${service} ${command}`).join('\n')}
cat lost
"$IPVSADM_C" -Sn | wc -l
kill $real`,
      timeoutSeconds: 200,
    });
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
      stdout: `${commands.map((command) => `${command}: ${CONNECTIONS}\n`).join('')}3\n`,
      stderr: '',
    });
  },
  300_000,
);

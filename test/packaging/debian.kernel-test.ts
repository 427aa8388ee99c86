/** The Debian package, installed in throw-away Debians. */
import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runCommand } from '../../scripts/debian/command';
import { source as quickjs } from '../../scripts/native/quickjs';
import { buildDebianPackage } from '../../scripts/package/debian';
import type { Sbom } from '../../scripts/sbom';
import { connectLab } from '../lab/client';
import { checkout } from '../lab/paths';
import { runTutorial } from '../quickstart/tutorial';
import { debianRoot, enterRoot } from './debian-roots';
import { throwAwayDirectory } from './places';

const lab = connectLab();
const seconds = 120_000;

let directory: string;
let archive: string;
let roots: Record<'bare' | 'classic' | 'tools', string>;

beforeAll(async () => {
  directory = throwAwayDirectory('debian');
  archive = (await buildDebianPackage(directory)).replace(checkout, '/project');
  roots = {
    bare: await debianRoot('bare'),
    classic: await debianRoot('classic'),
    tools: await debianRoot('tools'),
  };
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/**
 * Runs a script with a root entered; \`install\` installs the package there, with dpkg's own words
 * in /tmp/dpkg.
 */
async function inRoot(name: keyof typeof roots, script: string) {
  const { stdout, stderr, status } = await lab.run({
    script: `${installing(name)}${script}`,
    timeoutSeconds: 100,
  });
  return { stdout: stdout.toString(), stderr: stderr.toString(), status };
}

function installing(name: keyof typeof roots): string {
  return `${enterRoot(roots[name])}
install() { in_root env DEBIAN_FRONTEND=noninteractive dpkg "$@" -i ${archive} >/tmp/dpkg 2>&1 || { cat /tmp/dpkg >&2; exit 1; }; }
`;
}

test(
  'it installs on a bare Debian, and its programs work there',
  async () => {
    const outcome = await inRoot(
      'bare',
      `install
in_root dpkg -s ipvsadm-node | grep Status
in_root ipvsadm -A -t 192.0.2.10:80 -s rr && in_root ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.17 -m
in_root ipvsadm-save -n >/tmp/rules && in_root ipvsadm -C && in_root ipvsadm-restore </tmp/rules
in_root ipvsadm service add --fwmark 7 && in_root ipvsadm list --help | head -n 1
in_root ipvsadm -Ln >ours; "$IPVSADM_C" -Ln >theirs; cmp ours theirs && "$IPVSADM_C" -Sn`,
    );
    expect(outcome).toEqual({
      stdout: `Status: install ok installed
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

test('its SBOM names what is in the bundles and in the native executable', async () => {
  const tree = join(directory, 'unpacked');
  await runCommand('dpkg-deb', ['-x', join(directory, basename(archive)), tree]);
  const packed = readFileSync(join(tree, 'usr/share/doc/ipvsadm-node/sbom.json.gz'));
  const { components } = JSON.parse(gunzipSync(packed).toString()) as Sbom;
  const bundled = JSON.parse(readFileSync(join(checkout, 'dist/sbom.json'), 'utf8')) as Sbom;
  expect(components).toEqual([
    ...bundled.components,
    {
      'bom-ref': expect.any(String),
      type: 'library',
      name: 'quickjs',
      version: quickjs.version,
      purl: `pkg:deb/debian/quickjs@${quickjs.version}?arch=source&distro=${quickjs.suite}`,
      licenses: [{ license: { id: 'MIT' } }],
    },
  ]);
});

test(
  'the tutorial has the expected results with the installed program',
  async () => {
    const { problems } = await runTutorial(
      lab,
      `${installing('bare')}install
printf '#!/bin/sh\\nexec chroot /tmp/root ipvsadm "$@"\\n' >/tmp/bin/ipvsadm; chmod +x /tmp/bin/ipvsadm`,
    );
    expect(problems).toEqual([]);
  },
  seconds,
);

test(
  'without Node a subcommand says what it needs, and everything else works',
  async () => {
    const { stdout, stderr } = await inRoot(
      'bare',
      'install; rm /tmp/root/usr/bin/node*; in_root ipvsadm -A -f 7; in_root ipvsadm list; echo $?; in_root ipvsadm -Sn',
    );
    expect({ stdout, stderr }).toEqual({
      stdout: '2\n-A -f 7 -s wlc\n',
      stderr: "ipvsadm: 'ipvsadm list' needs Node.js, but PATH has no node: install Node.js 20 or later\n",
    });
  },
  seconds,
);

test(
  "it takes the place of Debian's ipvsadm, whose settings stay, and gives it back",
  async () => {
    const { stdout, stderr } = await inRoot(
      'classic',
      `sed -i 's/^IFACE=.*/IFACE="eth9"/' /tmp/root/etc/default/ipvsadm
echo '-A -f 7' >/tmp/root/etc/ipvsadm.rules
in_root ipvsadm -v | head -c 13
install --force-confold
in_root dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' 'ipvsadm*'
ls /tmp/root/usr/sbin | grep ipvsadm
in_root ipvsadm -A -f 9 && in_root ipvsadm -Sn
grep IFACE= /tmp/root/etc/default/ipvsadm; cat /tmp/root/etc/ipvsadm.rules
in_root sh -c 'dpkg --remove ipvsadm-node && dpkg --force-confold -i /var/cache/apt/archives/ipvsadm_*.deb' >/tmp/back 2>&1 || cat /tmp/back
in_root dpkg-query -W -f '\${Package} \${db:Status-Status}\\n' 'ipvsadm*'
ls /tmp/root/usr/sbin | grep ipvsadm; grep ipvsadm /tmp/root/var/lib/dpkg/diversions
in_root dpkg --purge ipvsadm-node >/dev/null 2>&1; echo $?; ls /tmp/root/usr/lib | grep ipvsadm; cat /tmp/root/etc/ipvsadm.rules`,
    );
    expect({ stdout, stderr }).toEqual({
      stdout: `ipvsadm v1.31ipvsadm config-files
ipvsadm-node installed
ipvsadm
ipvsadm-restore
ipvsadm-save
-A -f 9 -s wlc
IFACE="eth9"
-A -f 7
ipvsadm installed
ipvsadm-node config-files
ipvsadm
ipvsadm-restore
ipvsadm-save
0
-A -f 7
`,
      stderr: '',
    });
  },
  seconds,
);

describe('the service', () => {
  const service = 'in_root /usr/lib/ipvsadm/service';
  const settings = (text: string) => `printf '${text}\\n' >/tmp/root/etc/default/ipvsadm`;
  const rules = (text: string) => `printf -- '${text}' >/tmp/root/etc/ipvsadm.rules`;
  const table = 'echo "table: $("$IPVSADM_C" -Sn | xargs)"';
  const saved = 'echo "rules: $(grep -v "^#" /tmp/root/etc/ipvsadm.rules | xargs)"';

  test.each([
    [
      'loads at the start, with comments, and clears at the stop',
      [
        settings('AUTO="true"'),
        rules('# one\\n-A -f 1\\n# two\\n-A -f 2 -s rr\\n'),
        `${service} start`,
        table,
      ].concat([`"$IPVSADM_C" -A -f 3; ${service} stop`, table, saved]),
      'table: -A -f 1 -s wlc -A -f 2 -s rr\ntable: \nrules: -A -f 1 -A -f 2 -s rr\n',
      '',
    ],
    [
      'saves at the stop when it is told to',
      [
        settings('AUTO=true SAVE=true'),
        rules('-A -f 1\\n'),
        `${service} start`,
        '"$IPVSADM_C" -A -f 3',
      ].concat([`${service} stop`, saved, table, `${service} start`, table]),
      'rules: -A -f 1 -s wlc -A -f 3 -s wlc\ntable: \ntable: -A -f 1 -s wlc -A -f 3 -s wlc\n',
      '',
    ],
    [
      'saves nothing over rules that were edited',
      [
        settings('AUTO=true SAVE=true'),
        rules('-A -f 1\\n'),
        `${service} start`,
        'sleep 1',
        rules('-A -f 4\\n'),
      ].concat([`${service} stop`, saved, `${service} start`, table]),
      'rules: -A -f 4\ntable: -A -f 4 -s wlc\n',
      '/etc/ipvsadm.rules was edited since it was loaded: not saving the table\n',
    ],
    [
      'leaves the table alone without AUTO',
      [settings('AUTO="false"'), rules('-A -f 1\\n'), '"$IPVSADM_C" -A -f 3'].concat([
        `${service} start`,
        table,
        `${service} stop`,
        table,
        `${service} load`,
        table,
      ]),
      'table: -A -f 3 -s wlc\ntable: -A -f 3 -s wlc\ntable: -A -f 1 -s wlc\n',
      '',
    ],
    [
      'starts and stops the sync daemons',
      [
        settings('DAEMON=both IFACE=lo SYNCID=7'),
        `${service} start; echo $?; "$IPVSADM_C" -L --daemon`,
      ].concat([`${service} stop; echo $?; "$IPVSADM_C" -L --daemon`]),
      '0\nmaster sync daemon (mcast=lo, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\nbackup sync daemon (mcast=lo, syncid=7, maxlen=65507, group=224.0.0.81, port=8848, ttl=1)\n0\n',
      '',
    ],
    [
      'says which rule was refused, also in the middle, and loads the others',
      [settings('AUTO=true'), rules('-A -f 1\\n-A -f 1\\n-A -f 2\\n'), `${service} start; echo $?`, table],
      '1\ntable: -A -f 1 -s wlc -A -f 2 -s wlc\n',
      'some rules of /etc/ipvsadm.rules were not loaded: Service already exists\n',
    ],
    [
      'knows no other daemon',
      [settings('DAEMON=maybe'), `${service} start; echo $?`],
      '0\n',
      "/etc/default/ipvsadm: invalid DAEMON 'maybe': must be none, master, backup or both\n",
    ],
  ] as const)(
    '%s',
    async (_name, lines, stdout, stderr) => {
      const outcome = await inRoot('bare', `install\n${lines.join('\n')}\n`);
      expect({ stdout: outcome.stdout, stderr: outcome.stderr }).toEqual({ stdout, stderr });
    },
    seconds,
  );
});

describe.each([
  ['with Node', '', '/etc/ipvsadm\\.rules'],
  ['without Node', 'rm /tmp/root/usr/bin/node*', '\\(standard input\\)'],
])('the service %s', (_name, prepare, source) => {
  const service = 'in_root /usr/lib/ipvsadm/service';
  const file = '/tmp/root/etc/ipvsadm.rules';
  const table = '"$IPVSADM_C" -Sn';

  /** Starts the service with a rule, then runs each command after each change of the file. */
  const outcomes = async (changes: readonly string[], commands: readonly string[]) => {
    const steps = changes.flatMap((change) =>
      commands.map(
        (command) => `"$IPVSADM_C" -C; rm -rf ${file}; echo '-A -f 1 -s rr' >${file}; ${service} start
"$IPVSADM_C" -A -f 9\n${change}\n${service} ${command}; echo $?; ${table}`,
      ),
    );
    return await inRoot(
      'bare',
      `install\n${prepare}\necho AUTO=true >/tmp/root/etc/default/ipvsadm\n${steps.join('\n')}`,
    );
  };

  test(
    'replaces the table',
    async () => {
      const commands = ['reload', 'force-reload', 'load', 'restart'];
      expect(await outcomes([`printf '%s\\n' '# x' '-A -f 2' >${file}`], commands)).toMatchObject({
        stdout: '0\n-A -f 2 -s wlc\n'.repeat(commands.length),
        stderr: '',
      });
    },
    seconds,
  );

  test(
    'changes nothing for a file with a mistake, and names its place',
    async () => {
      const lines = [`'-A -f x' '-A -f 2'`, `'-A -f 2' '-a -f 2 -r'`, `'-A -f 2' '-A -f 3 -s nosuch'`];
      const problems = [
        '1:7: invalid fwmark value `x',
        '2:9: -r: missing argument',
        '2:\\d+: .*\\bnot found',
      ];
      const commands = ['reload', 'restart'];
      const outcome = await outcomes(
        lines.map((line) => `printf '%s\\n' ${line} >${file}`),
        commands,
      );
      const messages = problems.map(
        (problem) => `/etc/ipvsadm\\.rules was not loaded:\n(?:.*\n)*?${source}:${problem}.*\n(?:.*\n)*?`,
      );
      expect(outcome).toMatchObject({
        stdout: '1\n-A -f 1 -s rr\n-A -f 9 -s wlc\n'.repeat(lines.length * commands.length),
        stderr: expect.stringMatching(
          new RegExp(`^${messages.flatMap((message) => commands.map(() => message)).join('')}$`),
        ),
      });
    },
    seconds,
  );

  test(
    'changes nothing if there is no file, and clears the table for a file of comments',
    async () => {
      const changes = [`rm ${file}`, `rm ${file}; mkdir ${file}`, `printf '# x\\n  # y\\n\\n' >${file}`];
      const unchanged = '1\n-A -f 1 -s rr\n-A -f 9 -s wlc\n';
      expect(await outcomes(changes, ['reload'])).toMatchObject({
        stdout: `${unchanged}${unchanged}0\n`,
        stderr: '/etc/ipvsadm.rules is not a file that can be loaded: the table is unchanged\n'.repeat(2),
      });
    },
    seconds,
  );
});

describe('save', () => {
  const saving = async (prepare: string, show: string) =>
    await inRoot(
      'bare',
      `install; cd /tmp/root/etc; "$IPVSADM_C" -A -f 9; umask 077
${prepare}\nin_root /usr/lib/ipvsadm/service save; echo $?; ${show}; ls | grep ipvsadm`,
    );

  test.each([
    ['makes a file that everybody may read', ':', '644 root root'],
    ['keeps the mode', ': >ipvsadm.rules; chmod 600 ipvsadm.rules', '600 root root'],
    [
      'keeps owner and group',
      ': >ipvsadm.rules; chmod 640 ipvsadm.rules; chown 65534:4 ipvsadm.rules',
      '640 nobody adm',
    ],
  ])(
    '%s',
    async (_name, prepare, expected) => {
      expect(
        await saving(prepare, "in_root stat -c '%a %U %G' /etc/ipvsadm.rules; tail -n 1 ipvsadm.rules"),
      ).toMatchObject({ stdout: `0\n${expected}\n-A -f 9 -s wlc\nipvsadm.rules\n`, stderr: '' });
    },
    seconds,
  );

  test(
    'writes through a symbolic link',
    async () => {
      expect(
        await saving(
          'mkdir lvs; : >lvs/rules; ln -s lvs/rules ipvsadm.rules',
          'readlink ipvsadm.rules; tail -n 1 lvs/rules; ls lvs',
        ),
      ).toMatchObject({ stdout: '0\nlvs/rules\n-A -f 9 -s wlc\nrules\nipvsadm.rules\n', stderr: '' });
    },
    seconds,
  );

  test(
    'refuses a directory',
    async () => {
      expect(await saving('mkdir ipvsadm.rules', 'ls ipvsadm.rules')).toMatchObject({
        stdout: '1\nipvsadm.rules\n',
        stderr: '/etc/ipvsadm.rules is not a file that can be written\ncannot save the table\n',
      });
    },
    seconds,
  );
});

test(
  'the unit is confined',
  async () => {
    const { stdout, stderr } = await inRoot(
      'tools',
      'install; in_root systemd-analyze security --offline=yes --no-pager ipvsadm.service | grep Overall',
    );
    const exposure = Number(/: ([0-9.]+) /.exec(stdout)?.[1]);
    expect({ stderr, below3: exposure < 3 }).toEqual({ stderr: '', below3: true });
  },
  seconds,
);

test.each(['ipvsadm', 'ipvsadm-realserver'])(
  'systemd finds nothing wrong with the unit %s',
  async (name) => {
    const unit = `/usr/lib/systemd/system/${name}.service`;
    const outcome = await inRoot(
      'tools',
      `install; in_root systemd-analyze verify --man=no ${unit} 2>&1 | grep ipvsadm`,
    );
    expect(outcome).toEqual({ stdout: '', stderr: '', status: 1 });
  },
  seconds,
);

test('lintian finds no error', async () => {
  const { stdout, stderr } = await inRoot(
    'tools',
    `in_root lintian --allow-root --tag-display-limit 0 ${archive}`,
  );
  expect({ errors: stdout.split('\n').filter((line) => line.startsWith('E:')), stderr }).toEqual({
    errors: [],
    stderr: '',
  });
  expect(stdout).toBe('');
}, 300_000);

test('it is built the same twice', async () => {
  const again = await buildDebianPackage(join(directory, 'again'));
  const { stdout } = await lab.run({ script: `cmp ${directory}/${basename(archive)} ${again} && echo same` });
  expect(stdout.toString()).toBe('same\n');
}, 60_000);

/** Builds the Debian package. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { version } from '../../package.json';
import { runCommand } from '../debian/command';
import { sourceDate } from '../manual/edition';
import { findToolchain } from '../native/toolchain';
import {
  compressed,
  copyright,
  fillIn,
  fillTree,
  ignoreUmask,
  type PackageKind,
  project,
  putInto,
  readBuilt,
  shippedSbom,
} from './tree';

const packaging = join(project, 'packaging/debian');

const architectures: Readonly<Partial<Record<string, string>>> = { x64: 'amd64', arm64: 'arm64' };

const kind: PackageKind = {
  command: 'npm run build:deb',
  zsh: 'usr/share/zsh/vendor-completions',
  service: {
    settings: '/etc/default/ipvsadm',
    rules: '/etc/ipvsadm.rules',
    auto: 'false',
    save: 'false',
    without_rules: 'clear',
    edited_rules: 'keep',
    mode: '644',
  },
};

/** Builds the package from dist/ into `directory` and returns its path. */
export async function buildDebianPackage(directory: string): Promise<string> {
  const architecture = architectures[process.arch];
  if (architecture === undefined) throw new Error(`Debian packages for ${process.arch} are not supported`);
  ignoreUmask();
  const tree = mkdtempSync(join(tmpdir(), 'ipvsadm-deb-'));
  try {
    chmodSync(tree, 0o755);
    const { programs } = await findToolchain();
    await fill(tree, programs.strip);
    const libc = await libcVersion(programs.objdump, join(tree, 'usr/sbin/ipvsadm'));
    writeControl(tree, architecture, libc);
    const archive = join(directory, `ipvsadm-node_${version}_${architecture}.deb`);
    mkdirSync(directory, { recursive: true });
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(sourceDate()) };
    await runCommand('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, archive], { env });
    return archive;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

async function fill(tree: string, strip: string): Promise<void> {
  await fillTree(tree, kind, strip);
  const put = putInto(tree);
  const own = (name: string) => readFileSync(join(packaging, name));
  put('usr/lib/systemd/system/ipvsadm.service', own('ipvsadm.service'));
  put('usr/lib/systemd/system/ipvsadm-director.service', own('ipvsadm-director.service'));
  put('etc/default/ipvsadm', own('default'));

  const documentation = 'usr/share/doc/ipvsadm-node';
  put(`${documentation}/copyright`, copyright());
  put(`${documentation}/README.Debian`, own('README.Debian'));
  put(`${documentation}/THIRD-PARTY.txt.gz`, compressed(readBuilt('THIRD-PARTY.txt', kind.command)));
  put(`${documentation}/sbom.json.gz`, compressed(shippedSbom(kind.command)));
  put(`${documentation}/changelog.gz`, compressed(changelog()));
  put(`${documentation}/CHANGELOG.md.gz`, compressed(readFileSync(join(project, 'CHANGELOG.md'))));
}

function writeControl(tree: string, architecture: string, libc: string): void {
  const files = filesOf(tree);
  const sizes = files.map((file) => Math.ceil(statSync(join(tree, file)).size / 1024));
  const size = sizes.reduce((sum, kilobytes) => sum + kilobytes, 0);
  const values: Record<string, string> = { version, architecture, libc, size: String(size) };
  const control = readFileSync(join(packaging, 'control'), 'utf8');
  const sums = files.map((file) => `${md5(readFileSync(join(tree, file)))}  ${file}\n`);

  const directory = join(tree, 'DEBIAN');
  mkdirSync(directory);
  writeFileSync(join(directory, 'control'), fillIn(control, values));
  writeFileSync(join(directory, 'conffiles'), '/etc/default/ipvsadm\n');
  writeFileSync(join(directory, 'md5sums'), sums.join(''));
  for (const script of ['preinst', 'postinst', 'prerm', 'postrm']) {
    cpSync(join(packaging, script), join(directory, script));
    chmodSync(join(directory, script), 0o755);
  }
}

/** Returns the regular files of a tree, without links. */
function filesOf(tree: string): string[] {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1)).sort();
}

/** Returns the newest version of the C library that the executable's symbols require. */
async function libcVersion(objdump: string, executable: string): Promise<string> {
  const symbols = await runCommand(objdump, ['-T', executable]);
  const versions = [...symbols.matchAll(/\(GLIBC_([0-9.]+)\)/g)].map(([, number]) => number!);
  const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  if (newest === undefined) throw new Error(`${basename(executable)} does not use glibc`);
  return newest;
}

/** Returns the changelog in Debian's format. The changes themselves are in CHANGELOG.md. */
function changelog(): string {
  const date = new Date(sourceDate() * 1000).toUTCString().replace('GMT', '+0000');
  const maintainer = /^Maintainer: (.*)$/m.exec(readFileSync(join(packaging, 'control'), 'utf8'))![1];
  return `ipvsadm-node (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- ${maintainer}  ${date}\n`;
}

function md5(content: Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}

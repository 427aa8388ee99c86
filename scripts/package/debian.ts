/** Builds the Debian package. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { version } from '../../package.json';
import candidates from '../../src/commands/support/candidates-program';
import { commands } from '../../src/commands/tree';
import { completionScripts } from '../../src/completion/scripts';
import { unitText } from '../../src/setup/persist';
import { runCommand } from '../debian/command';
import { sourceDate } from '../manual/edition';
import { findToolchain } from '../native/toolchain';
import { formatSbom, type Sbom, sbom } from '../sbom';

const project = join(__dirname, '../..');
const packaging = join(project, 'packaging/debian');

const architectures: Readonly<Partial<Record<string, string>>> = { x64: 'amd64', arm64: 'arm64' };

/** The file of dist/ that the program does not need: the library. */
const library = 'index.js';

/** Builds the package from dist/ into `directory` and returns its path. */
export async function buildDebianPackage(directory: string): Promise<string> {
  const architecture = architectures[process.arch];
  if (architecture === undefined) throw new Error(`Debian packages for ${process.arch} are not supported`);
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
  const built = (path: string) => {
    const file = join(project, 'dist', path);
    if (!existsSync(file)) throw new Error(`${file} is missing: run 'npm run build:deb'`);
    return readFileSync(file);
  };
  const put = (path: string, content: string | Uint8Array, mode = 0o644) => {
    const file = join(tree, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(file, content);
    chmodSync(file, mode);
  };
  const compressed = (content: string | Uint8Array) => gzipSync(content, { level: 9 });
  const own = (name: string) => readFileSync(join(packaging, name));

  put('usr/sbin/ipvsadm', built('native/ipvsadm'), 0o755);
  for (const name of ['ipvsadm-save', 'ipvsadm-restore'])
    symlinkSync('ipvsadm', join(tree, 'usr/sbin', name));

  put('usr/lib/ipvsadm/bin/ipvsadm', readFileSync(join(project, 'bin/ipvsadm')), 0o755);
  put('usr/lib/ipvsadm/package.json', readFileSync(join(project, 'package.json')));
  const bundles = readdirSync(join(project, 'dist')).filter(
    (name) => /\.c?js$/.test(name) && name !== library,
  );
  for (const name of bundles) put(`usr/lib/ipvsadm/dist/${name}`, built(name));
  const addon = `prebuilds/linux-${process.arch}/node.napi.node`;
  put(`usr/lib/ipvsadm/dist/${addon}`, built(addon));
  await runCommand(strip, ['--strip-unneeded', join(tree, 'usr/lib/ipvsadm/dist', addon)]);

  put('usr/lib/ipvsadm/service', own('service'), 0o755);
  put('usr/lib/systemd/system/ipvsadm.service', own('ipvsadm.service'));
  put('usr/lib/systemd/system/ipvsadm-director.service', own('ipvsadm-director.service'));
  put('usr/lib/systemd/system/ipvsadm-realserver.service', unitText('/usr/sbin/ipvsadm'));
  put('etc/default/ipvsadm', own('default'));

  for (const page of readdirSync(join(project, 'dist/man'))) {
    put(`usr/share/man/man8/${page}.gz`, compressed(built(`man/${page}`)));
  }
  put('usr/share/bash-completion/completions/ipvsadm', completionScripts.bash(commands, candidates));
  put('usr/share/zsh/vendor-completions/_ipvsadm', completionScripts.zsh(commands, candidates));
  put('usr/share/fish/vendor_completions.d/ipvsadm.fish', completionScripts.fish(commands, candidates));

  const documentation = 'usr/share/doc/ipvsadm-node';
  put(`${documentation}/copyright`, own('copyright').toString().replace('@license@', license()));
  put(`${documentation}/README.Debian`, own('README.Debian'));
  put(`${documentation}/THIRD-PARTY.txt.gz`, compressed(built('THIRD-PARTY.txt')));
  const bills = ['sbom.json', 'native/sbom.json'].map((path) => JSON.parse(built(path).toString()) as Sbom);
  const components = bills.flatMap((bill) => bill.components);
  put(`${documentation}/sbom.json.gz`, compressed(formatSbom(sbom(components))));
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
  writeFileSync(
    join(directory, 'control'),
    control.replace(/@(\w+)@/g, (_, name: string) => values[name]!),
  );
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

/** Returns our license without its first lines, as the continuation of a control field. */
function license(): string {
  const text = readFileSync(join(project, 'LICENSE'), 'utf8').trimEnd();
  const lines = text.slice(text.indexOf('Permission is')).split('\n');
  return lines.map((line) => ` ${line || '.'}`).join('\n');
}

function md5(content: Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}

/** Builds a Debian root directory from unpacked packages, in which dpkg can install packages. */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { runCommand } from './command';
import { eachPackage, type PackageSet } from './packages';

/** The packages that every Debian has. */
const essential = [
  ...['base-files', 'base-passwd', 'bash', 'coreutils', 'dash', 'debianutils', 'diffutils', 'dpkg'],
  ...['findutils', 'grep', 'gzip', 'hostname', 'init-system-helpers', 'libc-bin', 'mawk', 'perl-base'],
  ...['sed', 'sysvinit-utils', 'tar', 'util-linux'],
];

/** /bin and so on are links into /usr. */
const aliases = ['bin', 'sbin', 'lib', 'lib64'];

/**
 * Fills `root` with a minimal Debian and `packages`. Maintainer scripts are not run, so their
 * results are missing, except for the users and groups. Needs no root privileges. The archives of
 * `packages` are kept in apt's cache.
 */
export async function makeDebianRoot({ suite, packages }: PackageSet, root: string): Promise<void> {
  for (const name of aliases) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(root, name));
  }
  for (const directory of ['dev', 'proc', 'sys', 'tmp', 'run', 'var/lib/dpkg/info', 'var/lib/dpkg/updates']) {
    mkdirSync(join(root, directory), { recursive: true });
  }
  for (const file of ['status', 'available', 'diversions', 'statoverride']) {
    writeFileSync(join(root, 'var/lib/dpkg', file), '');
  }
  const aptCache = join(root, 'var/cache/apt/archives');
  mkdirSync(aptCache, { recursive: true });
  await eachPackage({ suite, packages: [...essential, ...packages] }, async (archive) => {
    await unpack(archive, root);
    if (packages.includes(basename(archive).split('_')[0]!))
      copyFileSync(archive, join(aptCache, basename(archive)));
  });
  symlinkSync('debian', join(root, 'etc/dpkg/origins/default'));
  for (const file of ['passwd', 'group']) {
    writeFileSync(join(root, 'etc', file), readFileSync(join(root, `usr/share/base-passwd/${file}.master`)));
  }
  if (!existsSync(join(root, 'bin/sh'))) symlinkSync('dash', join(root, 'bin/sh'));
  if (!existsSync(join(root, 'bin/awk'))) symlinkSync('mawk', join(root, 'bin/awk'));
}

/** Unpacks an archive and registers it as installed in dpkg's database. */
async function unpack(archive: string, root: string): Promise<void> {
  const extract = 'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink --no-same-owner';
  await runCommand('sh', ['-c', extract, 'sh', archive, root]);
  const list = await runCommand('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" | tar -t', 'sh', archive]);

  const database = join(root, 'var/lib/dpkg');
  const parts = join(database, 'parts');
  await runCommand('dpkg-deb', ['--control', archive, parts]);
  const control = readFileSync(join(parts, 'control'), 'utf8').trimEnd();
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(control)?.[1];
  const same = field('Multi-Arch') === 'same';
  const name = same ? `${field('Package')}:${field('Architecture')}` : field('Package')!;
  const paths = list.split('\n').map((path) => path.replace(/^\.\/?/, '/').replace(/(.)\/$/, '$1'));
  writeFileSync(
    join(database, 'info', `${name}.list`),
    `${paths
      .filter((path) => path.length > 0)
      .join('\n')
      .replace(/^\/$/m, '/.')}\n`,
  );
  const status = `${control}\nStatus: install ok installed\n${conffiles(parts, root)}\n`;
  appendFileSync(join(database, 'status'), status);
  for (const file of readdirSync(parts).filter((file) => file !== 'control')) {
    renameSync(join(parts, file), join(database, 'info', `${name}.${file}`));
  }
  rmSync(parts, { recursive: true });
}

/** Returns the Conffiles field, which has the checksums of the original configuration files. */
function conffiles(parts: string, root: string): string {
  const list = join(parts, 'conffiles');
  if (!existsSync(list)) return '';
  const paths = readFileSync(list, 'utf8')
    .split('\n')
    .filter((path) => path.startsWith('/'));
  const lines = paths.map((path) => {
    const sum = createHash('md5')
      .update(readFileSync(join(root, path)))
      .digest('hex');
    return ` ${path} ${sum}\n`;
  });
  return `Conffiles:\n${lines.join('')}`;
}

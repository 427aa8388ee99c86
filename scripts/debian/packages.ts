import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command';
import { Unavailable } from './errors';
import { say } from './progress';

/** Packages of a Debian suite, including their dependencies. */
export interface PackageSet {
  suite: string;
  packages: readonly string[];
  /** Debian's name of a processor; by default that of this machine. */
  architecture?: string;
}

/**
 * Downloads packages and their dependencies and unpacks them into `tree`. apt works with a private
 * state without installed packages, independent of the machine's own.
 */
export async function unpackPackages(set: PackageSet, tree: string): Promise<void> {
  await eachPackage(set, async (archive) => {
    await runCommand('dpkg-deb', ['-x', archive, tree]);
  });
}

/** Downloads packages and their dependencies, and calls `use` with the archive of each. */
export async function eachPackage(set: PackageSet, use: (archive: string) => Promise<void>): Promise<void> {
  await withLists('deb', set, async (state) => {
    say(`downloading ${set.packages.join(', ')} (Debian ${set.suite})`);
    const archives = await download(set, state);
    say(`unpacking ${archives.length} packages`);
    for (const archive of archives) await use(archive);
  });
}

/** Downloads a package without its dependencies, and calls `use` with its archive. */
export async function downloadAlone(
  suite: string,
  name: string,
  use: (archive: string) => Promise<void>,
): Promise<void> {
  await withLists('deb', { suite }, async (state) => {
    say(`downloading ${name} (Debian ${suite})`);
    await apt(state, ['download', name], state);
    const archive = readdirSync(state).find((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new Unavailable(`Debian ${suite} has no package ${name}`);
    await use(join(state, archive));
  });
}

/** A Debian source package. */
export interface SourcePackage {
  suite: string;
  name: string;
  /** Including Debian's revision, which determines the patches. */
  version: string;
}

/**
 * Downloads a source package and unpacks its upstream archive into `tree`, without Debian's
 * patches.
 * @param xz the program that decompresses it.
 */
export async function unpackSource(
  { suite, name, version }: SourcePackage,
  xz: string,
  tree: string,
): Promise<void> {
  await withLists('deb-src', { suite }, async (state) => {
    say(`downloading the source of ${name} ${version} (Debian ${suite})`);
    await apt(state, ['source', '--download-only', `${name}=${version}`], state);
    const archive = readdirSync(state).find((file) => file.includes('.orig.tar.'));
    if (archive === undefined) throw new Unavailable(`the source of ${name} has no upstream archive`);
    const unpack = ['--strip-components=1', '-C', tree, `--use-compress-program=${xz}`];
    await runCommand('tar', ['-xf', join(state, archive), ...unpack]);
  });
}

type Lists = Pick<PackageSet, 'suite' | 'architecture'>;

/** Calls `use` with a temporary apt state that has the package lists of a suite. */
async function withLists(
  kind: 'deb' | 'deb-src',
  { suite, architecture }: Lists,
  use: (state: string) => Promise<void>,
): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'ipvsadm-lab-apt-'));
  try {
    await fetchLists(kind, suite, state, architecture);
    await use(state);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/**
 * Writes an apt state and downloads the suite's lists from the first of the machine's archives that
 * has it.
 */
async function fetchLists(
  kind: 'deb' | 'deb-src',
  suite: string,
  state: string,
  architecture?: string,
): Promise<void> {
  for (const directory of ['lists/partial', 'archives/partial']) {
    mkdirSync(join(state, directory), { recursive: true });
  }
  writeFileSync(join(state, 'status'), '');
  writeFileSync(join(state, 'apt.conf'), await aptConfiguration(state, architecture));

  const failures: string[] = [];
  for (const site of await archiveSites()) {
    writeFileSync(join(state, 'sources.list'), `${kind} ${keyring()}${site} ${suite} main\n`);
    try {
      await apt(state, ['update', '--error-on=any']);
      return;
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new Unavailable(
    failures.length === 0
      ? "apt's sources have no package archive"
      : `no archive in apt's sources has Debian ${suite}: ${failures.join('; ')}`,
  );
}

/**
 * Returns the host's download settings (such as proxies), without its hooks, pins and other
 * settings.
 */
async function aptConfiguration(state: string, architecture?: string): Promise<string> {
  const dump = await runCommand('apt-config', ['dump']);
  const acquire = dump.split('\n').filter((line) => line.startsWith('Acquire::') && line.includes('"'));
  const own = {
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::Etc::sourcelist': join(state, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': state,
    'Dir::Cache::archives': join(state, 'archives'),
    'APT::Install-Recommends': 'false',
    ...(architecture === undefined
      ? {}
      : { 'APT::Architecture': architecture, 'APT::Architectures': architecture }),
    'Debug::NoLocking': 'true', // the lock would be the machine's dpkg lock, which requires root
    'APT::Sandbox::User': 'root', // the default user _apt cannot write to our directory
  };
  return `${[...acquire, ...Object.entries(own).map(([name, value]) => `${name} "${value}";`)].join('\n')}\n`;
}

/**
 * Returns the URLs in the machine's apt sources, Debian's main archive before its security archive.
 * `apt-get indextargets` would not do: it prints nothing until `apt-get update` has run, as in a
 * new container.
 */
async function archiveSites(): Promise<string[]> {
  const uris = await runCommand('apt-get', ['update', '--print-uris']);
  const matches = [...uris.matchAll(/^'(\S+)\/dists\/([^/\s]+)\/InRelease'/gm)];
  const sites = matches.map(([, site, suite]) => ({ site: site ?? '', main: !/-/.test(suite ?? '') }));
  return [...new Set(sites.sort((a, b) => Number(b.main) - Number(a.main)).map(({ site }) => site))];
}

/**
 * Returns the option that names Debian's key. Newer Debians require it; older ones trust the key
 * anyway.
 */
function keyring(): string {
  const files = ['gpg', 'pgp'].map((suffix) => `/usr/share/keyrings/debian-archive-keyring.${suffix}`);
  const found = files.find((file) => existsSync(file));
  return found === undefined ? '' : `[signed-by=${found}] `;
}

async function download(set: PackageSet, state: string): Promise<string[]> {
  await apt(state, ['install', '--yes', '--download-only', ...set.packages]);
  const archives = join(state, 'archives');
  return readdirSync(archives)
    .filter((file) => file.endsWith('.deb'))
    .map((file) => join(archives, file));
}

function apt(state: string, args: string[], cwd?: string): Promise<string> {
  return runCommand('apt-get', ['--quiet', ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, APT_CONFIG: join(state, 'apt.conf'), LC_ALL: 'C' },
  });
}

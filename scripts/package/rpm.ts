/** Builds the RPM package. packaging/rpm/ipvsadm-node.spec describes it. */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { runCommand } from '../debian/command';
import { sourceDate } from '../manual/edition';
import { findToolchain } from '../native/toolchain';
import { rpmTools } from './rpm-tools';
import {
  copyright,
  fillTree,
  ignoreUmask,
  type PackageKind,
  project,
  putInto,
  readBuilt,
  shippedSbom,
} from './tree';

const packaging = join(project, 'packaging/rpm');

/** Our names of processors and rpm's. */
const architectures: Readonly<Partial<Record<string, string>>> = { x64: 'x86_64', arm64: 'aarch64' };

const kind: PackageKind = {
  command: 'npm run build:rpm',
  zsh: 'usr/share/zsh/site-functions',
  service: {
    settings: '/etc/sysconfig/ipvsadm-config',
    rules: '/etc/sysconfig/ipvsadm',
    auto: 'true',
    save: 'true',
    without_rules: 'fail',
    edited_rules: 'copy',
    mode: '600',
  },
};

/** Builds the package from dist/ into `directory` and returns its path. */
export async function buildRpm(directory: string): Promise<string> {
  const architecture = architectures[process.arch];
  if (architecture === undefined) throw new Error(`RPM packages for ${process.arch} are not supported`);
  ignoreUmask();
  const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-rpm-'));
  try {
    const tree = join(folder, 'tree');
    const { programs } = await findToolchain();
    mkdirSync(tree);
    chmodSync(tree, 0o755);
    await fill(tree, programs.strip);
    const spec = join(packaging, 'ipvsadm-node.spec');
    const built = await packTree({ spec, tree, architecture, folder });
    const archive = join(directory, `ipvsadm-node-${version}-1.${architecture}.rpm`);
    mkdirSync(directory, { recursive: true });
    copyFileSync(join(built, architecture, `ipvsadm-node-${version}-1.${architecture}.rpm`), archive);
    return archive;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(tree: string, strip: string): Promise<void> {
  await fillTree(tree, kind, strip);
  const put = putInto(tree);
  const own = (name: string) => readFileSync(join(packaging, name));
  for (const unit of ['ipvsadm.service', 'ipvsadm-module.service'])
    put(`usr/lib/systemd/system/${unit}`, own(unit));
  put('etc/sysconfig/ipvsadm-config', own('ipvsadm-config'), 0o600);

  const documentation = 'usr/share/doc/ipvsadm-node';
  put(`${documentation}/README.rpm`, own('README.rpm'));
  put(`${documentation}/CHANGELOG.md`, readFileSync(join(project, 'CHANGELOG.md')));
  put(`${documentation}/sbom.json`, shippedSbom(kind.command));
  const licenses = 'usr/share/licenses/ipvsadm-node';
  put(`${licenses}/LICENSE`, readFileSync(join(project, 'LICENSE')));
  put(`${licenses}/copyright`, copyright());
  put(`${licenses}/THIRD-PARTY.txt`, readBuilt('THIRD-PARTY.txt', kind.command));
}

interface Packing {
  spec: string;
  /** The files of the package. */
  tree: string;
  architecture: string;
  /** Where rpmbuild may write. */
  folder: string;
}

/** Runs rpmbuild and returns the directory of its results. Two runs give the same bytes. */
export async function packTree({ spec, tree, architecture, folder }: Packing): Promise<string> {
  const { rpmbuild, env, settings } = await rpmTools();
  const results = join(folder, 'results');
  const macros = {
    _topdir: join(folder, 'build'),
    _rpmdir: results,
    _dbpath: join(folder, 'database'),
    _tmppath: folder,
    tree,
    project_version: version,
    changelog_date: changelogDate(),
    // The files are packed as they are: stripped, compressed, without links to build IDs.
    __os_install_post: '%{nil}',
    debug_package: '%{nil}',
    _build_id_links: 'none',
    // What rpm 4.11 (RHEL 7) unpacks.
    _binary_payload: 'w6.xzdio',
    _buildhost: 'localhost',
    use_source_date_epoch_as_buildtime: '1',
    clamp_mtime_to_source_date_epoch: '1',
  };
  const defines = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  await runCommand(rpmbuild, [...settings, '-bb', '--target', `${architecture}-linux`, ...defines, spec], {
    env: { ...process.env, ...env, HOME: folder, SOURCE_DATE_EPOCH: String(sourceDate()), LC_ALL: 'C' },
  });
  return results;
}

/** The day of `sourceDate` as changelogs have it: Wed Jan 31 2026. */
function changelogDate(): string {
  const [weekday, day, month, year] = new Date(sourceDate() * 1000).toUTCString().split(/,? /);
  return `${weekday} ${month} ${day} ${year}`;
}

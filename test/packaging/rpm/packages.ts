/** The RPM, and those of others that tests install beside it. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeProgram } from '../../../scripts/native/build';
import { buildRpm, packTree } from '../../../scripts/package/rpm';
import { rpmTools } from '../../../scripts/package/rpm-tools';
import { putInto } from '../../../scripts/package/tree';
import { checkout } from '../../lab/paths';

/** Paths of packages, as the roots of enterRoot see them. */
export interface Packages {
  ours: string;
  /** What ours requires. */
  base: string;
  /** Stands for RHEL's ipvsadm. */
  rhel: string;
}

export async function buildPackages(directory: string): Promise<Packages> {
  const visible = (path: string) => path.replace(checkout, '/project');
  return {
    ours: visible(await buildRpm(directory)),
    base: visible(await pack(directory, 'base', 'base-7-1', () => {})),
    rhel: visible(
      await pack(directory, 'rhel', 'ipvsadm-1.31-6.el9', (tree) => {
        const put = putInto(tree);
        const program = readFileSync(nativeProgram);
        for (const name of ['', '-save', '-restore']) put(`usr/sbin/ipvsadm${name}`, program, 0o755);
        put('usr/lib/systemd/system/ipvsadm.service', readFileSync(join(__dirname, 'rhel.service')));
        put('etc/sysconfig/ipvsadm-config', 'IPVS_SAVE_ON_STOP="no"\n', 0o600);
      }),
    ),
  };
}

async function pack(
  directory: string,
  name: string,
  result: string,
  fill: (tree: string) => void,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-rpm-test-'));
  try {
    const tree = join(folder, 'tree');
    mkdirSync(tree);
    fill(tree);
    const spec = join(__dirname, `${name}.spec`);
    const results = await packTree({ spec, tree, architecture: 'x86_64', folder });
    copyFileSync(join(results, `x86_64/${result}.x86_64.rpm`), join(directory, `${result}.rpm`));
    return join(directory, `${result}.rpm`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A script's lines: `rpm_root` runs rpm on the tree of enterRoot. */
export async function rpmRoot(): Promise<string> {
  const { rpm, env, settings } = await rpmTools();
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return `rpm_root() { env ${variables.join(' ')} ${rpm} ${settings[0]} '${settings[1]}' --root /tmp/root "$@"; }
`;
}

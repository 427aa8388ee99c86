import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheDirectory } from '../../scripts/debian/cache';
import { checkout, node, scripts } from './paths';
import { shellAssignments, shellQuote } from './shell';
import type { Job, JobResult, LabOptions } from './types';
import { variablesUnderTest } from './under-test';

/**
 * The folder by which jobs and results are passed. It is the only one of the host that a guest can
 * write to.
 */
export class JobFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'ipvsadm-lab-')));
  private count = 0;

  /** Writes the settings that guest/*.sh read. */
  constructor(
    private readonly tools: string,
    { modules = 'all', directories = [] }: LabOptions,
  ) {
    // Parents before children: guest/view.sh skips what is already visible.
    const shown = [checkout, realpathSync(cacheDirectory()), dirname(dirname(node)), ...directories].sort();
    const settings = { modules, node, scripts, tools, shown: shown.join('\n') };
    writeFileSync(join(this.path, 'settings'), `${shellAssignments(settings)}\n`);
  }

  /** Writes the files of a job and returns its number. */
  add(job: Job): number {
    this.count += 1;
    const folder = this.folder(this.count);
    mkdirSync(folder);
    writeFileSync(join(folder, 'script'), job.script);
    writeFileSync(join(folder, 'stdin'), job.stdin ?? '');
    for (const output of ['stdout', 'stderr']) writeFileSync(join(folder, output), ''); // in case the job never starts
    writeFileSync(join(folder, 'launch'), this.launchCommand(job));
    writeFileSync(join(folder, 'mounts'), this.mounts(job));
    if (job.hosts !== undefined) writeFileSync(join(folder, 'hosts'), job.hosts);
    return this.count;
  }

  /** Returns the output of a job and removes its files. */
  take(number: number): Pick<JobResult, 'stdout' | 'stderr'> {
    const folder = this.folder(number);
    const [stdout, stderr] = ['stdout', 'stderr'].map((file) => readFileSync(join(folder, file)));
    rmSync(folder, { recursive: true });
    return { stdout: stdout!, stderr: stderr! };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  private folder(number: number): string {
    return join(this.path, String(number));
  }

  /** Returns the mounts of a job in the format of fstab. */
  private mounts(job: Job): string {
    const lines = [`/jobs/${this.count} /job none bind`, 'tmpfs /tmp tmpfs', 'tmpfs /run tmpfs'];
    if (job.hosts !== undefined) lines.push(`/jobs/${this.count}/hosts /etc/hosts none bind`);
    return lines.map((line) => `${line}\n`).join('');
  }

  private launchCommand(job: Job): string {
    const environment = {
      PATH: '/lab/bin:/lab/applets:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      IPVSADM_C: join(this.tools, 'sbin/ipvsadm'),
      IPVSADM_NODE: join(checkout, 'bin/ipvsadm-node'),
      ...variablesUnderTest(),
      ...job.env,
    };
    return `unset SHLVL OLDPWD\nexport ${shellAssignments(environment, ' ')}\nexec ${shellQuote(join(this.tools, 'bin/dash'))} /job/script\n`;
  }
}

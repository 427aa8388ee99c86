import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { summaryOf } from '../command-line/command-table';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError, usageError } from '../errors/ipvsadm-error';
import { restoreProgress } from '../operations/restore-progress';
import { run } from '../operations/run';
import { IpvsCommand } from './support/base';
import { checkFile } from './support/check-file';
import { loadState } from './support/load-state';
import { inputFormatFlag, readGood } from './support/read-state';
import { carryOutTrial } from './support/trial';

export default class Restore extends IpvsCommand {
  static override explains = true;
  static override summary = `${summaryOf('restore')}, or add what a file says`;
  static override description =
    'With FILE, the whole of it is read and checked before anything is changed. It may be ipvsadm rules or a state document, ' +
    'as JSON or YAML. What is in the table stays: apply makes the table what a file says.';
  static override strict = false;
  static override examples = [
    '<%= config.bin %> restore < rules',
    '<%= config.bin %> restore table.json',
    '<%= config.bin %> restore --check rules table.yaml',
  ];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      description:
        'what to add; - is standard input, checked before it is carried out. With --check: one or more',
    }),
  };
  static override flags = {
    format: inputFormatFlag,
    check: Flags.boolean({
      description:
        'change nothing: tell of every problem, also of what a kernel says in a network namespace of its own',
    }),
    trial: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'with --check: try it on the kernel, where that is allowed',
    }),
    'as-trial': Flags.boolean({ hidden: true }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Restore);
    const files = argv as string[];
    if (!flags.trial && !flags.check) throw usageError('ipvsadm: --no-trial is for --check');
    if (flags['as-trial']) {
      await this.connected((session) => carryOutTrial(this.context, session));
    } else if (flags.check) {
      await this.check(files, flags);
    } else if (files.length === 0) {
      const { system } = this.context;
      const progress = restoreProgress(system, () => system.now());
      await this.connected((session) => run({ kind: 'restore' }, { ...session, progress }));
    } else {
      if (files.length > 1) throw usageError(`ipvsadm: unexpected argument: ${files[1]}`);
      const read = await readGood(files[0]!, this.context, { format: flags.format, complete: false });
      await this.connected((session) => loadState(read, this.context, session));
    }
  }

  private async check(
    files: readonly string[],
    flags: { format?: string | undefined; trial: boolean },
  ): Promise<void> {
    if (files.length === 0) throw new IpvsadmError('ipvsadm: --check wants a file', exitStatus.usage);
    for (const file of files) {
      const status = await checkFile(file, this.context, flags);
      this.context.status = Math.max(this.context.status, status);
    }
  }
}

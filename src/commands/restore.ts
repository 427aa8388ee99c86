import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { run } from '../operations/run';
import { type PlacedProblem, placedProblems } from '../state/source/diagnostics';
import { IpvsCommand } from './support/base';
import { checkFile } from './support/check-file';
import { CommandLineError } from './support/command-line-error';
import { asksData, type DataFlags, dataFlags, writeValue } from './support/data';
import { additions, loadState } from './support/load-state';
import { progressOf, quietFlag } from './support/quiet';
import {
  inputFormatFlag,
  type ReadingFlags,
  type Report,
  readingFlags,
  readValid,
} from './support/read-state';
import { carryOutTrial } from './support/trial';

export default class Restore extends IpvsCommand {
  static override summary = 'add the rules of standard input, or the state of a file, to the table';
  static override description =
    'Without FILE, rules are carried out as they are read. ' +
    'A FILE is read and checked completely before anything is changed; it holds ipvsadm rules or a state document, ' +
    'as JSON or YAML. What the file does not mention stays in the table: apply makes the table equal to a file.';
  static override strict = false;
  static override examples = [
    '<%= config.bin %> restore < rules',
    '<%= config.bin %> restore table.json',
    '<%= config.bin %> restore --check rules table.yaml',
    '<%= config.bin %> restore --check --json table.yaml',
  ];
  static override args = {
    file: Args.string({
      ignoreStdin: true,
      description: 'the file to add; - is standard input. With --check: one file or more',
    }),
  };
  static override flags = {
    format: inputFormatFlag,
    ...readingFlags,
    check: Flags.boolean({
      description: 'change nothing: report every problem of the files, and try them on the kernel',
    }),
    ...dataFlags('with --check: print the problems as a JSON array', { dependsOn: ['check'] }),
    trial: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'with --check: try the files in a network namespace of their own, if permitted',
    }),
    'dry-run': Flags.boolean({
      description: 'change nothing; print what would change, as diff does',
      exclusive: ['check'],
    }),
    ...quietFlag,
    'as-trial': Flags.boolean({ hidden: true }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Restore);
    const files = argv as string[];
    if (!flags.trial && !flags.check) throw new CommandLineError(['--no-trial requires --check']);
    if (flags['as-trial']) {
      await carryOutTrial(this.context, (work) => this.connected(work));
    } else if (flags.check) {
      await this.check(files, flags);
    } else if (files.length === 0 && flags['dry-run']) {
      await this.load('-', { ...flags, format: flags.format ?? 'rules' });
    } else if (files.length === 0) {
      const progress = progressOf(this.context);
      await this.changing((session) => run({ kind: 'restore' }, { ...session, progress }));
    } else {
      const extra = files.slice(1).map((file) => `unexpected argument '${file}'`);
      if (extra.length > 0) throw new CommandLineError(extra);
      await this.load(files[0]!, flags);
    }
  }

  private async load(file: string, flags: ReadingFlags & { format?: string | undefined }): Promise<void> {
    const read = await readValid(file, this.context, { format: flags.format, complete: false, flags });
    await this.changing((session) => loadState(read, this.context, session));
    if (!this.rehearses) await this.noteTended(() => additions(read.state).map(({ change }) => change));
  }

  private async check(
    files: readonly string[],
    flags: ReadingFlags & DataFlags & { format?: string | undefined; trial: boolean },
  ): Promise<void> {
    if (files.length === 0) throw new CommandLineError(['--check requires a FILE']);
    const found: PlacedProblem[] = [];
    const report: Report = ({ source }, problems) => {
      for (const problem of placedProblems(source, problems)) found.push(problem);
    };
    for (const file of files) {
      const status = await checkFile(file, this.context, flags, asksData(flags) ? report : undefined);
      this.context.status = Math.max(this.context.status, status);
    }
    if (asksData(flags)) writeValue(this.context, flags, found);
  }
}

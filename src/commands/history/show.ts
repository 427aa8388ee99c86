import { listedState } from '../../state/document/to-object';
import { IpvsCommand } from '../support/base';
import { dataFlags } from '../support/data';
import { entryArgument, findEntry, openHistory, tableBefore } from '../support/history';
import { writeStateFile } from '../support/write-state';

export default class HistoryShow extends IpvsCommand {
  static override summary = 'print the table as it was before a change';
  static override description =
    'As rules, which restore and apply read; with --json or --yaml as a state document, which holds everything.';
  static override examples = [
    '<%= config.bin %> history show 12',
    '<%= config.bin %> history show 12 --json > table.json',
  ];
  static override args = { number: entryArgument(true, 'the change, as history lists it') };
  static override flags = dataFlags('as a state document');

  async run(): Promise<void> {
    const { args, flags } = await this.parse(HistoryShow);
    const history = openHistory(this.context);
    const { state } = tableBefore(history, findEntry(history, args.number, this.context), this.context);
    const format = flags.yaml ? 'yaml' : flags.json ? 'json' : 'rules';
    this.context.status = await writeStateFile(
      '-',
      { flag: '--json', format },
      listedState(state),
      this.context,
    );
  }
}

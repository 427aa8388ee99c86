import { asciiJson, bytesFromUnicode } from '../../bytes/unicode';
import { authorOf, commandText } from '../../history/entry';
import type { Entry } from '../../history/history';
import { IpvsCommand } from '../support/base';
import { asksData, dataFlags, writeData } from '../support/data';
import { columns, timeText } from '../support/director-text';
import { isOfThisNamespace, openHistory } from '../support/history';

export default class History extends IpvsCommand {
  static override summary = 'list the last changes of the table, which undo takes back';
  static override description =
    'SERVICES and SERVERS are how many there were before the change. Of each change the table before it is kept.';
  static override examples = ['<%= config.bin %> history', '<%= config.bin %> history --json'];
  static override flags = dataFlags();

  async run(): Promise<void> {
    const { flags } = await this.parse(History);
    const { output, system } = this.context;
    const { entries } = openHistory(this.context);
    const ours = entries.filter((entry) => isOfThisNamespace(entry, this.context));
    if (asksData(flags)) return writeData(this.context, flags, `${asciiJson(ours.map(asJson))}\n`);
    const others = entries.length - ours.length;
    if (ours.length > 0) output.write(bytesFromUnicode(table(ours, system.stdoutWidth())));
    else output.error('ipvsadm: no change of this table has been kept');
    if (others > 0) output.error(`ipvsadm: note: ${others} more of other network namespaces: see --netns`);
  }
}

function table(entries: readonly Entry[], width: number | undefined): string {
  const rows = entries.map((entry) => [
    String(entry.number),
    timeText(entry.at),
    authorOf(entry),
    String(entry.services),
    String(entry.servers),
    commandText(entry),
  ]);
  return columns([['ENTRY', 'TIME', 'AUTHOR', 'SERVICES', 'SERVERS', 'COMMAND'], ...rows], width);
}

function asJson({
  number,
  at,
  uid,
  sudoUser,
  namespace,
  program,
  command,
  services,
  servers,
}: Entry): object {
  const author = authorOf({ uid, sudoUser });
  return { number, at, author, uid, sudoUser, namespace, program, command, services, servers };
}

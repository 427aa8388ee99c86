import { bytesFromUnicode } from '../../bytes/unicode';
import { exitStatus } from '../../errors/exit-status';
import type { ReadState } from '../../state/files/read';
import type { Problem } from '../../state/source/diagnostics';
import type { CommandContext } from './base';
import { readAndTell, tell } from './read-state';
import { tryState } from './trial';

/**
 * Tells of everything that is wrong with a file, and changes nothing.
 * @returns 0; the usage status when the file is wrong; that of refusals when a kernel refused it in the trial.
 */
export async function checkFile(
  file: string,
  context: CommandContext,
  { format, trial }: { format?: string | undefined; trial: boolean },
): Promise<number> {
  const { output } = context;
  const read = await readAndTell(file, context, { format, complete: false, notes: true });
  if (!read.good) return exitStatus.usage;
  tell(read, interfaceProblems(read, context), context);
  let tried = '';
  if (trial) {
    const refused = tryState(read, context, (why) => {
      output.error(`ipvsadm: not tried on a kernel: ${why}`);
    });
    if (refused && refused.length > 0) {
      tell(read, refused, context);
      return exitStatus.refused;
    }
    if (refused) tried = ', tried on the kernel';
  }
  output.write(`${bytesFromUnicode(read.source.name)}: ${contents(read)}${tried}\n`);
  return exitStatus.ok;
}

/** Interfaces of sync daemons that this machine has not: the trial cannot see them. */
function interfaceProblems({ state, locate }: ReadState, { system }: CommandContext): Problem[] {
  return (state.daemons ?? []).flatMap((daemon, index): Problem[] => {
    const there = system.readFile(`/sys/class/net/${daemon.interface}/ifindex`) !== undefined;
    if (there) return [];
    const message = `there is no interface ${daemon.interface} here`;
    return [{ span: locate(['daemons', index, 'interface']), message, severity: 'warning' }];
  });
}

function contents({ state }: ReadState): string {
  const services = state.services ?? [];
  const servers = services.reduce((count, entry) => count + entry.servers.length, 0);
  return `${counted(services.length, 'service')}, ${counted(servers, 'real server')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

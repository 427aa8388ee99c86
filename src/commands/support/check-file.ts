import { counted } from '../../bytes/counted';
import { bytesFromUnicode } from '../../bytes/unicode';
import { visibleUnicodeWord } from '../../bytes/visible';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import type { ReadState } from '../../state/files/read';
import type { Problem } from '../../state/source/diagnostics';
import type { CommandContext } from './base';
import { type ReadingFlags, type Report, readAndReport, reportProblems } from './read-state';
import { tryState } from './trial';

/**
 * Reports every problem of a file, and changes nothing.
 * @param flags.trial whether to try the file on the kernel, in a network namespace of its own.
 * @param given takes the problems in place of standard error, and the file is not described.
 * @returns 0; the usage status when the file is invalid; the status of refusals when the kernel
 * refused it in the trial.
 */
export async function checkFile(
  file: string,
  context: CommandContext,
  flags: ReadingFlags & { format?: string | undefined; trial: boolean },
  given?: Report,
): Promise<number> {
  const { output } = context;
  const { format, trial } = flags;
  const report: Report = given ?? ((...found) => reportProblems(...found, context));
  const reading = { format, complete: false, notes: true, flags, report: given };
  const read = await readAndReport(file, context, reading);
  if (!read.good) return exitStatus.usage;
  report(read, interfaceProblems(read, context));
  let suffix = '';
  if (trial) {
    const refused = triedState(read, context);
    if (typeof refused === 'number') return refused;
    if (refused && refused.length > 0) {
      report(read, refused);
      return exitStatus.refused;
    }
    if (refused) suffix = ', tried on the kernel';
  }
  if (!given)
    output.done(`${bytesFromUnicode(visibleUnicodeWord(read.source.name))}: ${contents(read)}${suffix}\n`);
  return exitStatus.ok;
}

/** As `tryState`; the exit status when the trial failed, so that further files are checked. */
function triedState(read: ReadState, context: CommandContext): ReturnType<typeof tryState> | number {
  const { output } = context;
  try {
    return tryState(read, context, (reason) => output.error(`ipvsadm: not tried on the kernel: ${reason}`));
  } catch (error) {
    if (!(error instanceof IpvsadmError)) throw error;
    output.error(error.message);
    return error.status;
  }
}

/**
 * Warnings about interfaces of sync daemons that do not exist: the trial leaves sync daemons out.
 */
function interfaceProblems({ state, places }: ReadState, { system }: CommandContext): Problem[] {
  return (state.daemons ?? []).flatMap((daemon, index): Problem[] => {
    const exists = system.readFile(`/sys/class/net/${daemon.interface}/ifindex`) !== undefined;
    if (exists) return [];
    const message = `this machine has no interface ${daemon.interface}`;
    const [span] = places([['daemons', index, 'interface']]);
    return [{ span, message, severity: 'warning' }];
  });
}

function contents({ state }: ReadState): string {
  const services = state.services ?? [];
  const servers = services.reduce((count, entry) => count + entry.servers.length, 0);
  return `${counted(services.length, 'service')}, ${counted(servers, 'real server')}`;
}

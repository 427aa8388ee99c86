/** Directors that are asked by commands, such as `ssh lb03`. */
import { bytesFromUnicode } from '../../bytes/unicode';
import { usageError } from '../../errors/ipvsadm-error';
import type { InteractiveSystem } from '../../platform/interactive-system';
import type { ShareStatus } from './ha-text';

/** A hand-over takes up to 5 s. */
const LIMIT = 15_000;

type Asked = Pick<InteractiveSystem, 'runProgramAside'>;

export interface OtherDirector {
  readonly command: string;
  readonly name: string;
  /** leader, standby or unfit. */
  readonly role: string;
}

/** Asks all at the same time. @throws IpvsadmError if one does not answer. */
export async function askAll(system: Asked, commands: readonly string[]): Promise<readonly OtherDirector[]> {
  return await Promise.all(
    commands.map(async (command) => {
      const { stdout, stderr } = await runAt(system, command, ['ha', 'status', '--json']);
      const status = shareStatus(stdout);
      if (status) return { command, name: status.name, role: status.role };
      const why = stderr.trim().split('\n')[0] || 'it shares no VIPs';
      throw failed(command, why);
    }),
  );
}

/** The one that leads; undefined if none does, or more than one. */
export function whoLeads(directors: readonly OtherDirector[]): OtherDirector | undefined {
  const leaders = directors.filter(({ role }) => role === 'leader');
  return leaders.length === 1 ? leaders[0] : undefined;
}

/** @returns why it did not. */
export async function resign(system: Asked, { command }: OtherDirector): Promise<string | undefined> {
  const { status, stderr } = await runAt(system, command, ['ha', 'resign']);
  return status === 0 ? undefined : stderr.trim().replace(/^ipvsadm: /, '') || `exit status ${status}`;
}

async function runAt(system: Asked, command: string, args: readonly string[]) {
  const [name = '', ...words] = command.trim().split(/\s+/);
  const run = await system.runProgramAside(name, [...words, 'ipvsadm', ...args], LIMIT);
  if (!run) throw failed(command, 'there is no such program');
  return run;
}

function shareStatus(text: string): ShareStatus | undefined {
  try {
    const status = JSON.parse(text) as Partial<ShareStatus> | null;
    return typeof status?.name === 'string' && typeof status.role === 'string'
      ? (status as ShareStatus)
      : undefined;
  } catch {
    return undefined;
  }
}

function failed(command: string, why: string) {
  return usageError(bytesFromUnicode(`ipvsadm: ha test: --director '${command}': ${why}`));
}

/** `apply` while the director daemon tends the table: the daemon takes the file as its document. */
import { bytesFromUnicode } from '../../bytes/unicode';
import { usageError } from '../../errors/ipvsadm-error';
import { DIRECTOR_SOCKET } from '../../platform/director-system';
import type { ReadState } from '../../state/files/read';
import { serviceName } from '../../state/table/table-state';
import { allDirectors, waitForAll } from './all-directors';
import type { CommandContext } from './base';
import { CommandLineError } from './command-line-error';
import { documentOf } from './daemon-document';
import { order, parsed } from './director';
import type { PlanFlags } from './plan-command';
import { tendedServices } from './tended';

export interface DaemonFlags extends PlanFlags {
  readonly confirm?: number | undefined;
  /** The directors that must have applied it before the command ends. */
  readonly wait?: string | undefined;
}

/**
 * Gives a file to the daemon if that tends the table and the file is for it: a document of a director,
 * or one with a service that it tends.
 * @returns whether it was given.
 * @throws IpvsadmError with what the daemon refuses, CommandLineError.
 */
export async function appliedByDaemon(
  read: ReadState,
  flags: DaemonFlags,
  context: CommandContext,
): Promise<boolean> {
  const tended = await tendedServices(context.system);
  const names = (read.state.services ?? []).map(({ service }) => serviceName(service.key));
  const isItsOwn = read.configuration !== undefined || names.some((name) => tended?.has(name));
  const takes = tended !== undefined && isItsOwn && read.format !== 'rules';
  if (!takes) {
    const needing =
      flags.confirm !== undefined ? '--confirm' : flags.wait === undefined ? undefined : '--wait';
    if (needing !== undefined) throw usageError(`ipvsadm: ${needing}: ${whyNot(tended !== undefined)}`);
    return false;
  }
  const partly = [...(flags.only ? ['--only'] : []), ...(flags['keep-weights'] ? ['--keep-weights'] : [])];
  if (partly.length > 0) {
    const right = 'without it the daemon takes the file as its document, with --no-daemon it is not asked';
    throw new CommandLineError(
      partly.map((name) => `${name}: the director daemon tends this table: ${right}`),
    );
  }
  const name = bytesFromUnicode(read.source.name);
  context.output.note(
    `ipvsadm: the director daemon tends this table: it takes ${name} as its document (--no-daemon: it is not asked)`,
  );
  // Before anything is changed.
  const before = flags.wait === undefined ? undefined : await allDirectors(context, DIRECTOR_SOCKET);
  const answer = await order(context, { ...flags, socket: DIRECTOR_SOCKET }, '/v1/reload', {
    ...documentOf(read, flags),
    ...(flags.confirm === undefined ? {} : { confirm: flags.confirm }),
  });
  const { generation } = parsed<{ generation?: number }>(answer);
  if (before && generation !== undefined) await waitForAll(context, DIRECTOR_SOCKET, generation, before);
  return true;
}

function whyNot(runs: boolean): string {
  return runs
    ? 'the director daemon does not take this file: it needs a state document of version 2'
    : "no director daemon runs here: 'ipvsadm director run FILE' is one";
}

/** Reading the table, with what everyone may read of it for users without CAP_NET_ADMIN. */
import type { ListServices } from '../../command-line/request';
import { errno } from '../../errors/errno';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { missingParts, PROC_TABLE } from '../../live/proc-table';
import type { SortKey } from '../../live/table-order';
import type { TableQuery } from '../../live/table-query';
import type { Session } from '../../operations/session';
import { kernelSource, procSource, type TableSource } from '../../operations/table-source';
import { effectiveCapabilities } from '../../platform/capabilities';
import { type CommandContext, connectedIn } from './base';

/** What a partial table can tell. */
const partialKeys: readonly SortKey[] = ['address', 'active', 'inactive', 'weight'];

/**
 * Does `work` on the table that the kernel tells; where it refuses that to this user, on the part that
 * everyone may read, and says so on standard error. `work` returns the exit status.
 * @param inPart whether that part can answer; otherwise the kernel's refusal is the answer.
 * @param direct what is done in place of `work` where the kernel does not refuse.
 * @throws IpvsadmError.
 */
export async function readTable(
  context: CommandContext,
  request: ListServices,
  work: (source: TableSource) => Promise<number>,
  inPart: boolean,
  direct: (session: Session) => number | Promise<number> = ({ connection }) => work(kernelSource(connection)),
): Promise<void> {
  const readPart = async (): Promise<boolean> => {
    const source = inPart ? procSource(context.system) : undefined;
    if (!source) return false;
    context.output.error(
      `ipvsadm: without CAP_NET_ADMIN the listing is partial: ${PROC_TABLE} lacks ${missingParts}`,
    );
    context.status = await work(source);
    return true;
  };
  // Asking first would run modprobe, whose complaints are of no use here.
  const mayAsk = effectiveCapabilities(context.system)?.has('CAP_NET_ADMIN') ?? true;
  if (!mayAsk && (await readPart())) return;
  try {
    await connectedIn(context, direct, request);
  } catch (error) {
    const forbidden = error instanceof IpvsadmError && error.refused?.errno === errno.EPERM;
    if (!forbidden || !mayAsk || !(await readPart())) throw error;
  }
}

/** Whether the part of the table that everyone may read can answer what is asked for. */
export function answeredInPart(
  { format }: Pick<ListServices, 'format'>,
  { states }: Pick<TableQuery, 'states'>,
  sort: SortKey,
): boolean {
  return format === 'plain' && !states.includes('overloaded') && partialKeys.includes(sort);
}

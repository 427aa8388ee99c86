/**
 * A wanted state without services deletes the complete table. More often than not that is a mistake:
 * a file of comments, or an imported configuration whose services were all left out.
 */
import { counted } from '../../bytes/counted';
import type { ReadState } from '../../state/files/read';
import type { WholeState } from '../../state/table/table-state';

/** The flag of apply that permits it. */
export const ALLOW_EMPTY = '--allow-empty';

/**
 * Says what an apply would delete, if the wanted state has no services and the table has some.
 * @param flags.only the services that the command is limited to: they may be deleted, as each is named.
 * @returns undefined if the table may be made equal to the state.
 */
export function emptiedTable(
  { state, source }: ReadState,
  before: WholeState,
  { only }: { readonly only?: readonly string[] | undefined },
): string | undefined {
  if (only || state.services?.length !== 0) return undefined;
  const servers = before.services.reduce((sum, entry) => sum + entry.servers.length, 0);
  const stopped = state.daemons?.length === 0 ? before.daemons.length : 0;
  const kinds = [
    [before.services.length, 'virtual service'],
    [servers, 'real server'],
    [stopped, 'sync daemon'],
  ] as const;
  const parts = kinds.flatMap(([count, what]) => (count ? counted(count, what) : []));
  if (parts.length === 0) return undefined;
  const all = [parts.slice(0, -1).join(', '), parts.at(-1)].filter(Boolean).join(' and ');
  return `${source.name} has no virtual services: apply would delete ${all}`;
}

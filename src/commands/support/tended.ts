/** What the director daemon of this network namespace tends, and that it puts back what others change. */
import type { Change } from '../../model/change';
import { DIRECTOR_SOCKET } from '../../platform/director-system';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { serviceName } from '../../state/table/table-state';
import type { CommandContext } from './base';

/** A command waits no longer for it. */
const LIMIT = 1000;
/** How many services a note names. */
const NAMED = 3;

interface Told {
  readonly namespace?: string | null;
  readonly services: readonly string[];
}

/** The keys of its services; undefined if no daemon runs here, or the one that answers tends another table. */
export async function tendedServices(system: InteractiveSystem): Promise<ReadonlySet<string> | undefined> {
  if (system.fileMode(DIRECTOR_SOCKET) === undefined) return undefined;
  const answer = await system.askDirector({
    socket: DIRECTOR_SOCKET,
    method: 'GET',
    path: '/v1/services',
    timeout: LIMIT,
  });
  if ('failure' in answer || answer.status !== 200) return undefined;
  try {
    const { namespace, services } = JSON.parse(answer.text) as Told;
    return (namespace ?? undefined) === system.networkNamespace ? new Set(services) : undefined;
  } catch {
    return undefined;
  }
}

/** The services that changes are of; all: `flush`. */
export function servicesOf(changes: readonly Change[]): ReadonlySet<string> | 'all' {
  const names = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'flush') return 'all';
    if (change.kind === 'zero') continue;
    if ('service' in change) names.add(serviceName(change.service.key));
    else if ('key' in change) names.add(serviceName(change.key));
  }
  return names;
}

/** Says on standard error that the daemon will put back what was changed, if it tends one of these. */
export async function noteTended(
  { system, output }: CommandContext,
  changed: ReadonlySet<string> | 'all',
): Promise<void> {
  const tended = await tendedServices(system);
  const ours = tended ? [...(changed === 'all' ? tended : changed)].filter((id) => tended.has(id)) : [];
  if (ours.length === 0) return;
  const names = `${ours.slice(0, NAMED).join(', ')}${ours.length > NAMED ? ', ...' : ''}`;
  output.note(
    `ipvsadm: note: the director daemon tends ${names}: it takes weights over, and puts the rest back within 5 s; ` +
      "'director reload FILE' gives it another file",
  );
}

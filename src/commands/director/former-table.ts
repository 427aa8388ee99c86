/**
 * What director up found in the table: the services that it changed, as they were, and the timeouts and
 * sync daemons if it changed them. director down puts just that back, so that services of others stay.
 */
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { strerror } from '../../errors/kernel-messages';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { OutputError } from '../../platform/system';
import { readDocument } from '../../state/document/read';
import { listedState } from '../../state/document/to-object';
import { writeState } from '../../state/document/write';
import type { PlannedChange } from '../../state/plan/diff';
import { parseJson } from '../../state/source/parse-json';
import { serviceName, type TableState, type WholeState } from '../../state/table/table-state';

const DIRECTORY = '/run/ipvsadm';

export interface FormerTable {
  /** The names of the services that were changed, added or deleted. */
  readonly names: readonly string[];
  /** Those of them that were there; timeouts and daemons if they were changed. */
  readonly state: TableState;
}

/** What a plan is about to change, added to what earlier plans have changed. */
export function withPlan(
  former: FormerTable | undefined,
  plan: readonly PlannedChange[],
  before: WholeState,
): FormerTable {
  const { names = [], state = {} } = former ?? {};
  const fresh = [...new Set(plan.flatMap(({ change }) => serviceOf(change) ?? []))].filter(
    (name) => !names.includes(name),
  );
  const kinds = new Set(plan.map(({ change }) => change.kind));
  const touches = (...of: string[]) => of.some((kind) => kinds.has(kind as PlannedChange['change']['kind']));
  return {
    names: [...names, ...fresh],
    state: {
      timeouts: state.timeouts ?? (touches('set-timeouts') ? before.timeouts : undefined),
      daemons: state.daemons ?? (touches('start-daemon', 'stop-daemon') ? before.daemons : undefined),
      services: [
        ...(state.services ?? []),
        ...before.services.filter(({ service }) => fresh.includes(serviceName(service.key))),
      ],
    },
  };
}

function serviceOf(change: PlannedChange['change']): string | undefined {
  if ('key' in change && change.key) return serviceName(change.key);
  return 'service' in change ? serviceName(change.service.key) : undefined;
}

function pathIn(system: InteractiveSystem): string {
  return `${DIRECTORY}/director-table-${system.networkNamespace ?? 'default'}.json`;
}

/** @returns undefined if director up has changed nothing. @throws IpvsadmError for another file. */
export function readFormerTable(system: InteractiveSystem): FormerTable | undefined {
  const path = pathIn(system);
  const text = system.readFile(path);
  if (text === undefined) return undefined;
  const newline = text.indexOf('\n');
  const names = unicodeFromBytes(text.slice(0, newline)).split(' ').slice(1).filter(Boolean);
  const { state, problems } = readDocument(parseJson(unicodeFromBytes(text.slice(newline + 1))));
  if (text.startsWith('services') && problems.every(({ severity }) => severity !== 'error')) {
    return { names, state };
  }
  throw new IpvsadmError(
    `ipvsadm: ${path} is not what director up wrote: it says what the table was before; move it away`,
    exitStatus.usage,
  );
}

/** @param former undefined: removes the file. @throws IpvsadmError. */
export async function writeFormerTable(
  former: FormerTable | undefined,
  system: InteractiveSystem,
): Promise<void> {
  const path = pathIn(system);
  try {
    if (!former) return system.removeFile(path);
    system.makeDirectory(DIRECTORY);
    const pieces = [`services ${former.names.join(' ')}\n`, ...writeState(listedState(former.state), false)];
    await system.replaceFile(path, [Buffer.from(bytesFromUnicode(pieces.join('')), 'latin1')]);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    throw new IpvsadmError(`ipvsadm: ${path}: ${error.reason ?? strerror(error.errno)}`, exitStatus.refused);
  }
}

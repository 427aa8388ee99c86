import type { IpvsClient } from '../ipvs/client';
import type { Planned } from '../state/plan/apply';
import { planChanges } from '../state/plan/diff';
import { nearest } from '../state/source/suggest';
import { readLive } from '../state/table/live';
import { serviceName, type TableState } from '../state/table/table-state';
import { checkSettings, shown } from './settings';

/** What of a table a plan changes. */
export interface PlanSettings {
  /** The services to change, such as `tcp:192.0.2.10:80` or `fwmark:7`; nothing else is touched. */
  readonly only?: Iterable<string> | undefined;
  /** Existing real servers keep their weights. */
  readonly keepWeights?: boolean | undefined;
}

/**
 * Reads the table, and plans the changes to `wanted`.
 * @throws TypeError for what is no table, and for a name that neither table has.
 */
export function planTable(client: IpvsClient, wanted: TableState, settings: PlanSettings): Planned {
  checkSettings('a table', wanted, { timeouts: anything, daemons: anything, services: list });
  checkSettings('a plan', settings, { only: list, keepWeights: truth });
  const before = readLive(client);
  const only = settings.only && new Set(settings.only);
  if (only) checkNames(only, [before, wanted]);
  return { plan: planChanges(before, wanted, { only, keepWeights: settings.keepWeights ?? false }), before };
}

/** A misspelled name would make a plan that changes nothing. */
function checkNames(names: Iterable<string>, tables: readonly TableState[]): void {
  const known = new Set(
    tables.flatMap(({ services = [] }) => services.map(({ service }) => serviceName(service.key))),
  );
  for (const name of names) {
    if (known.has(name)) continue;
    const hint = nearest(String(name), [...known]) ?? 'write names such as tcp:192.0.2.10:80';
    throw new TypeError(`only: ${shown(name)}: neither table has that virtual service: ${hint}`);
  }
}

function anything(): undefined {}

function list(value: unknown): string | undefined {
  const isList = typeof value === 'object' && value !== null && Symbol.iterator in value;
  return value === undefined || isList ? undefined : 'a list';
}

function truth(value: unknown): string | undefined {
  return value === undefined || typeof value === 'boolean' ? undefined : 'true or false';
}

/**
 * Formats a plan as a patch of rules: `-` marks those that are removed, `+` those that are added.
 */

import { asciiJson } from '../../bytes/unicode';
import type { RealServer } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import type { ServiceKey, VirtualService } from '../../model/virtual-service';
import { serverObject, serviceObject } from '../document/to-object';
import {
  daemonRule,
  expressesServer,
  expressesService,
  serverRule,
  serviceRule,
  timeoutsRule,
} from '../rules/write';
import { serviceName, type WholeState } from '../table/table-state';
import type { PlannedChange } from './diff';

/** One line of a patch. */
export interface PatchLine {
  readonly sign: '-' | '+' | ' ' | 'head';
  readonly text: string;
}

/**
 * Returns the lines of a patch, with the changes of a service grouped under its rule.
 * @param file the name of the wanted state, for the header.
 */
export function* patchLines(
  plan: readonly PlannedChange[],
  before: WholeState,
  file: string,
): Generator<PatchLine, void> {
  if (plan.length === 0) return;
  yield { sign: 'head', text: '--- the table' };
  yield { sign: 'head', text: `+++ ${file}` };
  const live = new Map(before.services.map((entry) => [serviceName(entry.service.key), entry]));
  for (const [name, changes] of groups(plan)) {
    const entry = live.get(name);
    const changed = changes.some(({ change }) => 'service' in change || change.kind === 'delete-service');
    if (entry && !changed) yield { sign: ' ', text: serviceLine(entry.service) };
    for (const planned of changes) yield* changeLines(planned);
    if (!changes.some(({ change }) => change.kind === 'delete-service')) continue;
    for (const server of entry?.servers ?? []) {
      yield { sign: '-', text: serverLine(entry!.service.key, server) };
    }
  }
}

/** Groups changes by service, in the order of first change. The key '' has timeouts and daemons. */
function groups(plan: readonly PlannedChange[]): Map<string, PlannedChange[]> {
  const found = new Map<string, PlannedChange[]>();
  for (const planned of plan) {
    const { change } = planned;
    const key = 'service' in change ? change.service.key : 'key' in change ? change.key : undefined;
    const name = key ? serviceName(key) : '';
    const group = found.get(name);
    if (group) group.push(planned);
    else found.set(name, [planned]);
  }
  return found;
}

function* changeLines({ change, was }: PlannedChange): Generator<PatchLine, void> {
  switch (change.kind) {
    case 'add-service':
      yield { sign: '+', text: serviceLine(change.service) };
      return;
    case 'edit-service':
      yield { sign: '-', text: serviceLine(was as VirtualService) };
      yield { sign: '+', text: serviceLine(change.service) };
      return;
    case 'delete-service':
      yield { sign: '-', text: serviceLine(was as VirtualService) };
      return;
    case 'add-server':
      yield { sign: '+', text: serverLine(change.key, change.server) };
      return;
    case 'edit-server':
      yield { sign: '-', text: serverLine(change.key, was as RealServer) };
      yield { sign: '+', text: serverLine(change.key, change.server) };
      return;
    case 'delete-server':
      yield { sign: '-', text: serverLine(change.key, was as RealServer) };
      return;
    case 'set-timeouts':
      if (was) yield { sign: '-', text: timeoutsRule(was as Timeouts) };
      yield { sign: '+', text: timeoutsRule(change.timeouts) };
      return;
    case 'stop-daemon':
      yield { sign: '-', text: daemonRule(was as SyncDaemon) };
      return;
    case 'start-daemon':
      yield { sign: '+', text: daemonRule(change.daemon) };
      return;
    default:
      throw new Error(`unexpected change in a plan: ${change.kind}`);
  }
}

/** Returns the rule of a service, followed by its JSON when the rule cannot express everything. */
export function serviceLine(service: VirtualService): string {
  const rule = serviceRule(service);
  if (expressesService(rule, service)) return rule;
  return `${rule}  # ${asciiJson(serviceObject(service))}`;
}

/**
 * Returns the rule of a real server, followed by its JSON when the rule cannot express everything.
 */
export function serverLine(key: ServiceKey, server: RealServer): string {
  const rule = serverRule(key, server);
  if (expressesServer(rule, server)) return rule;
  return `${rule}  # ${asciiJson(serverObject(server))}`;
}

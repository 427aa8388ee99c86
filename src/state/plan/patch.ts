/** A plan as a patch: ipvsadm rules, those that go behind `-`, those that come behind `+`. */

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

/** The lines of a patch, changes of one service together under its rule. @param file what is wanted. */
export function* patchLines(
  plan: readonly PlannedChange[],
  before: WholeState,
  file: string,
): Generator<PatchLine, void> {
  if (plan.length === 0) return;
  yield { sign: 'head', text: '--- the table' };
  yield { sign: 'head', text: `+++ ${file}` };
  const present = new Map(before.services.map((entry) => [serviceName(entry.service.key), entry]));
  for (const [name, changes] of groups(plan)) {
    const entry = present.get(name);
    const named = changes.some(({ change }) => 'service' in change || change.kind === 'delete-service');
    if (entry && !named) yield { sign: ' ', text: serviceLine(entry.service) };
    for (const planned of changes) yield* changeLines(planned);
    if (!changes.some(({ change }) => change.kind === 'delete-service')) continue;
    for (const server of entry?.servers ?? []) {
      yield { sign: '-', text: serverLine(entry!.service.key, server) };
    }
  }
}

/** The changes of each service, in the order in which services first change; of timeouts and daemons under ''. */
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
      throw new Error(`a plan does not ${change.kind}`);
  }
}

/** The rule; where it does not say all, the facts stand behind it. */
export function serviceLine(service: VirtualService): string {
  const rule = serviceRule(service);
  if (expressesService(rule, service)) return rule;
  return `${rule}  # ${asciiJson(serviceObject(service))}`;
}

export function serverLine(key: ServiceKey, server: RealServer): string {
  const rule = serverRule(key, server);
  if (expressesServer(rule, server)) return rule;
  return `${rule}  # ${asciiJson(serverObject(server))}`;
}

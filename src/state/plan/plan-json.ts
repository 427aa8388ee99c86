/** Formats a plan as JSON: one change a line, in the order in which they are carried out. */

import { asciiJson } from '../../bytes/unicode';
import { daemonObject, serverObject, serviceObject, timeoutsObject } from '../document/to-object';
import { serviceName } from '../table/table-state';
import type { PlannedChange } from './diff';

export function* planJson(plan: readonly PlannedChange[]): Generator<string, void> {
  yield '{\n  "format": "ipvsadm-plan",\n  "version": 1,\n  "changes": [';
  for (const [index, planned] of plan.entries()) {
    yield `${index > 0 ? ',' : ''}\n    ${asciiJson(changeObject(planned))}`;
  }
  yield plan.length > 0 ? '\n  ]\n}\n' : ']\n}\n';
}

/** A change as an object, in the words of state documents. */
export function changeObject({ change, was }: PlannedChange): object {
  const before = <T>(show: (entry: T) => object) => (was ? { was: show(was as unknown as T) } : {});
  switch (change.kind) {
    case 'add-service':
    case 'edit-service':
      return {
        change: change.kind,
        service: serviceName(change.service.key),
        to: serviceObject(change.service),
        ...before(serviceObject),
      };
    case 'delete-service':
      return { change: change.kind, service: serviceName(change.key), ...before(serviceObject) };
    case 'add-server':
    case 'edit-server':
      return {
        change: change.kind,
        service: serviceName(change.key),
        to: serverObject(change.server),
        ...before(serverObject),
      };
    case 'delete-server':
      return { change: change.kind, service: serviceName(change.key), ...before(serverObject) };
    case 'set-timeouts':
      return {
        change: change.kind,
        to: timeoutsObject(change.timeouts),
        ...before(timeoutsObject),
      };
    case 'start-daemon':
    case 'stop-daemon':
      return {
        change: change.kind,
        daemon: daemonObject(change.daemon),
      };
    default:
      throw new Error(`unexpected change in a plan: ${change.kind}`);
  }
}

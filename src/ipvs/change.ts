import type { Change } from '../model/change';
import { type Attributes, encodeAttributes } from '../netlink/attribute';
import type { GenlRequest } from '../netlink/genl';
import { commandAttributes } from './attributes';
import { ipvsCommands } from './commands';
import {
  daemonToAttributes,
  keyToAttributes,
  serverKeyToAttributes,
  serverToAttributes,
  serviceToAttributes,
  timeoutsToAttributes,
} from './convert';

const commandOfKind: Record<Change['kind'], number> = {
  'add-service': ipvsCommands.newService,
  'edit-service': ipvsCommands.setService,
  'delete-service': ipvsCommands.delService,
  'add-server': ipvsCommands.newDest,
  'edit-server': ipvsCommands.setDest,
  'delete-server': ipvsCommands.delDest,
  flush: ipvsCommands.flush,
  zero: ipvsCommands.zero,
  'set-timeouts': ipvsCommands.setConfig,
  'start-daemon': ipvsCommands.newDaemon,
  'stop-daemon': ipvsCommands.delDaemon,
};

/** The kinds of changes, by number. */
export const changeKinds = Object.keys(commandOfKind) as Change['kind'][];

/** Whether a request is a change rather than a listing. */
export function isChange(value: { readonly kind: string }): value is Change {
  return Object.hasOwn(commandOfKind, value.kind);
}

/** The generic netlink command and the attributes of a change. */
export function changeToRequest(change: Change): GenlRequest {
  return {
    command: commandOfKind[change.kind],
    attributes: encodeAttributes(commandAttributes, valuesOf(change)),
  };
}

function valuesOf(change: Change): Attributes<typeof commandAttributes> {
  switch (change.kind) {
    case 'add-service':
    case 'edit-service':
      return { service: serviceToAttributes(change.service) };
    case 'delete-service':
      return { service: keyToAttributes(change.key) };
    case 'add-server':
    case 'edit-server':
      return { service: keyToAttributes(change.key), destination: serverToAttributes(change.server) };
    case 'delete-server':
      return { service: keyToAttributes(change.key), destination: serverKeyToAttributes(change.server) };
    case 'zero':
      return change.key ? { service: keyToAttributes(change.key) } : {};
    case 'set-timeouts':
      return timeoutsToAttributes(change.timeouts);
    case 'start-daemon':
    case 'stop-daemon':
      return { daemon: daemonToAttributes(change.daemon) };
    case 'flush':
      return {};
  }
}

/** The fields of a state document. */
import type { Field, ObjectType } from './field';
import { constant } from './kinds';
import { serviceType } from './service-fields';
import { daemonFields, kernelFields, timeoutFields } from './table-fields';
import { STATE_FORMAT, STATE_VERSION } from './types';

export const stateFields = [
  {
    name: 'format',
    kind: constant(STATE_FORMAT, `'${STATE_FORMAT}'`),
    attribute: '',
    summary: '',
    required: true,
  },
  {
    name: 'version',
    kind: constant(STATE_VERSION, `${STATE_VERSION}, the version that this ipvsadm reads`),
    attribute: '',
    summary: '',
    required: true,
  },
  {
    name: 'kernel',
    object: {
      summary: 'what the kernel reports about itself; ignored when a document is loaded',
      fields: kernelFields,
    },
  },
  { name: 'timeouts', object: { summary: 'connection timeouts in seconds', fields: timeoutFields } },
  {
    name: 'daemons',
    summary: 'the running sync daemons',
    items: { id: 'daemon', summary: 'a connection sync daemon', fields: daemonFields },
  },
  { name: 'services', summary: 'the virtual services', items: serviceType },
] as const satisfies readonly Field[];

export const stateType = {
  title: 'State of IPVS',
  summary: 'What ipvsadm snapshot and --json write: docs/state.md',
  fields: stateFields,
} as const satisfies ObjectType;

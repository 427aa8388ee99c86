/** The fields of a state document. */
import { name } from './check-kinds';
import { checkType } from './check-type';
import { directorFields } from './director-fields';
import type { Field, ObjectType } from './field';
import { constant } from './kinds';
import { directorServiceType } from './policy-fields';
import { serviceType } from './service-fields';
import { daemonFields, kernelFields, timeoutFields } from './table-fields';
import { DIRECTOR_VERSION, STATE_FORMAT, STATE_VERSION } from './types';

const format = {
  name: 'format',
  kind: constant(STATE_FORMAT, `'${STATE_FORMAT}'`),
  attribute: '',
  summary: '',
  required: true,
} as const satisfies Field;

function versionField<const V extends number>(version: V) {
  return {
    name: 'version',
    kind: constant(version, `${STATE_VERSION} or ${DIRECTOR_VERSION}, the versions that this ipvsadm reads`),
    attribute: '',
    summary: '',
    required: true,
  } as const;
}

const beforeServices = [
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
] as const satisfies readonly Field[];

export const stateFields = [
  format,
  versionField(STATE_VERSION),
  ...beforeServices,
  { name: 'services', summary: 'the virtual services', items: serviceType },
] as const satisfies readonly Field[];

export const directorStateFields = [
  format,
  versionField(DIRECTOR_VERSION),
  {
    name: 'director',
    object: {
      id: 'director',
      summary: 'what a director needs beside the table; ignored when the table is loaded',
      fields: directorFields,
    },
  },
  {
    name: 'checks',
    entries: { name, object: checkType },
    summary: 'health checks by name, for services and servers to use',
  },
  ...beforeServices,
  { name: 'services', summary: 'the virtual services', items: directorServiceType },
] as const satisfies readonly Field[];

export const stateType = {
  title: 'State of IPVS',
  summary: 'What ipvsadm snapshot and --json write: docs/state.md',
  fields: stateFields,
} as const satisfies ObjectType;

export const directorStateType = {
  title: 'State of IPVS, and what a director needs beside it',
  summary: 'What ipvsadm director up and director run read: docs/director.md',
  fields: directorStateFields,
} as const satisfies ObjectType;

/** The type of a document by its version; that of version 1 for anything else. */
export function typeOfDocument(value: unknown): ObjectType {
  const version = (value as { readonly version?: unknown } | null | undefined)?.version;
  return version === DIRECTOR_VERSION ? directorStateType : stateType;
}

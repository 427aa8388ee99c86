/** The fields that services and real servers have in a state document of version 2 alone. */
import type { AdminState, DirectorService } from '../../model/director';
import { U32_MAX } from '../../model/limits';
import type { RealServer } from '../../model/real-server';
import { choice, comment, duration, name, quorum } from './check-kinds';
import { checkType } from './check-type';
import type { EitherField, Field, FieldOf, ObjectType } from './field';
import { boolean, integer } from './kinds';
import { serverFields } from './server-fields';
import { ownServiceFields, serviceType } from './service-fields';

const YEAR = 365 * 86_400_000;

/** Checks of a service, or of one of its servers. */
function checkField<const Absent extends string>(absent: Absent) {
  return {
    name: 'check',
    either: { name, object: checkType },
    summary:
      'a health check: the name of one in `checks`, an object, or a list of both, of which all succeed',
    absent,
  } as const satisfies EitherField;
}

const any = {
  name: 'any',
  kind: boolean,
  attribute: '',
  summary: 'whether one check that succeeds is enough',
} as const;

/** The policies of a service as the model has them; those of its servers are in its servers. */
export type Policies = Omit<DirectorService, 'service' | 'servers' | 'sorry' | 'comment'> & {
  readonly any: boolean;
};

/** The fields of a real server that takes over when there is no quorum. */
const [family, address, port, forwarding, weight, upperThreshold, lowerThreshold, tunnel] = serverFields;
export const sorryFields = [
  family,
  address,
  port,
  forwarding,
  weight,
  upperThreshold,
  lowerThreshold,
  tunnel,
] as const satisfies readonly FieldOf<RealServer>[];

export const sorryType = {
  id: 'sorry-server',
  summary: 'the real server that is used while there is no quorum',
  fields: sorryFields,
} as const satisfies ObjectType;

/** The policies that are single values. */
export const policyFields = [
  {
    name: 'quorum',
    kind: quorum,
    attribute: '',
    summary: "sum of the weights that must be up, or a part of all weights such as `'50%'`",
    default: { weight: 1 },
  },
  {
    name: 'hysteresis',
    kind: integer(0, U32_MAX),
    attribute: '',
    summary: 'the quorum is gained at so much more, and lost at so much less',
    default: 0,
  },
  {
    name: 'whenAllDown',
    kind: choice('keep', 'drop', 'sorry'),
    attribute: '',
    summary: 'when no server is up: the last weights stay, none gets connections, or the sorry server does',
    absent: '`sorry` if there is a sorry server, otherwise `keep`',
  },
  {
    name: 'onFail',
    kind: choice('weight0', 'remove'),
    attribute: '',
    summary: 'what happens to a server that is down',
    absent: '`remove` for UDP and one-packet scheduling, otherwise `weight0`',
  },
  {
    name: 'removeAfter',
    kind: duration(0, YEAR),
    attribute: '',
    summary: 'when a server of weight 0 that is down, or no longer wanted, is removed',
    absent: 'never; one that is no longer wanted: after `60s`',
  },
  {
    name: 'slowStart',
    kind: duration(0, 86_400_000),
    attribute: '',
    summary: 'how long the weight of a server that has come back grows; not with sh',
    default: 0,
  },
  {
    name: 'critical',
    kind: boolean,
    attribute: '',
    summary: 'whether the priority of this director falls when the service has no server',
    default: false,
  },
  {
    name: 'owner',
    kind: choice('ours', 'shared', 'report'),
    attribute: '',
    summary: 'everything is repaired; servers of others stay; or looked at, never changed',
    default: 'ours',
  },
] as const satisfies readonly FieldOf<Policies>[];

export const nameField = { name: 'name', kind: name, attribute: '' } as const;

const commentField = {
  name: 'comment',
  kind: comment,
  attribute: '',
  summary: 'a line for people, 200 characters at most, in listings and on the page',
  absent: 'none',
} as const satisfies Field;

export const adminField = {
  name: 'admin',
  kind: choice('ready', 'drain', 'maint'),
  attribute: '',
  summary: '`drain`: checked, weight 0; `maint`: not checked, weight 0',
  default: 'ready',
} as const satisfies FieldOf<{ readonly admin: AdminState }>;

export const directorServerFields = [
  { ...nameField, summary: 'unique within the service', absent: 'address and port' },
  commentField,
  ...serverFields,
  adminField,
  checkField('that of the service'),
  { ...any, absent: 'that of the service' },
] as const satisfies readonly Field[];

export const directorServiceFields = [
  { ...nameField, summary: 'unique in the document', absent: 'protocol, address and port' },
  commentField,
  ...ownServiceFields,
  checkField('none: its servers are always up'),
  { ...any, absent: '`false`' },
  { name: 'sorry', object: sorryType },
  ...policyFields,
  {
    name: 'servers',
    items: {
      id: 'director-server',
      summary: 'a real server, and how it is checked',
      fields: directorServerFields,
    },
  },
] as const satisfies readonly Field[];

export const directorServiceType = {
  id: 'director-service',
  summary: 'a virtual service with its checks and policies',
  fields: directorServiceFields,
  problems: serviceType.problems,
} as const;

/** The fields of `director: { ha: … }`: several directors with the same VIPs. */

import { parseAddress } from '../../model/address';
import type { EtcdSettings, HaSettings, KeepalivedSettings } from '../../model/ha';
import { nameLengths } from '../../model/limits';
import { choice, duration, name, textLike } from './check-kinds';
import type { FieldOf, ObjectProblem, ObjectType } from './field';
import { boolean, integer, type Kind, nameOfAtMost } from './kinds';

const engines = ['keepalived', 'etcd'] as const;
type Engine = (typeof engines)[number];

/** The fields of both engines beside each other. */
export type HaFields = Loose<Omit<KeepalivedSettings, 'kind'>> &
  Loose<Omit<EtcdSettings, 'kind'>> &
  Loose<Pick<HaSettings, 'name' | 'sync'>> & { readonly engine: Engine; readonly preempt: boolean };

type Loose<T> = { readonly [P in keyof T]?: T[P] | undefined };

type HaField = FieldOf<HaFields> & { readonly engine?: Engine; readonly requiredBy?: Engine };

const file = textLike('an absolute path', /^\/[^\0]*$/, 'a path that begins with /');

const syncType = {
  id: 'haSync',
  summary: 'sync daemons: backup on each director, master where the VIPs are',
  fields: [
    {
      name: 'syncId',
      kind: integer(1, 255),
      attribute: '',
      summary: 'what marks their messages, 1 to 255: the same on all directors',
      required: true,
    },
    {
      name: 'interface',
      kind: nameOfAtMost(nameLengths.interface, 'the name of an interface'),
      attribute: '',
      summary: 'the interface of their messages',
      absent: 'that of the VIPs',
    },
  ] as const satisfies readonly FieldOf<NonNullable<HaSettings['sync']>>[],
} as const satisfies ObjectType;

export const haFields = [
  {
    name: 'engine',
    kind: choice(...engines),
    attribute: '',
    summary: 'what decides who has the VIPs',
    required: true,
  },
  {
    name: 'name',
    kind: name,
    attribute: '',
    summary: 'the name of this director, unique among them',
    absent: 'the host name',
  },
  {
    name: 'preempt',
    kind: boolean,
    attribute: '',
    summary: 'whether a director that comes back takes the VIPs from one with a lower priority',
    default: false,
  },
  { name: 'sync', object: syncType, when: ({ sync }) => sync?.syncId !== undefined },
  {
    name: 'id',
    kind: integer(1, 255),
    attribute: '',
    summary: "the virtual router ID of VRRP: the same on all directors, and no other's in the subnet",
    absent: 'required with keepalived',
    engine: 'keepalived',
    requiredBy: 'keepalived',
  },
  {
    name: 'priority',
    kind: integer(1, 254),
    attribute: '',
    summary: 'the highest wins',
    default: 100,
    engine: 'keepalived',
  },
  {
    name: 'peers',
    kind: addresses(),
    attribute: '',
    summary: 'addresses of the other directors: VRRP by unicast',
    absent: 'by multicast',
    engine: 'keepalived',
  },
  {
    name: 'fifo',
    kind: file,
    attribute: '',
    summary: 'the notify_fifo of a keepalived that runs anyway, with VIPs of its own',
    absent: 'the daemon runs keepalived',
    engine: 'keepalived',
  },
  {
    name: 'instance',
    kind: name,
    attribute: '',
    summary: 'the vrrp_instance whose state counts, with fifo',
    absent: 'the only one',
    engine: 'keepalived',
  },
  {
    name: 'endpoints',
    kind: endpoints(),
    attribute: '',
    summary: 'URLs of the members of etcd',
    absent: 'required with etcd',
    engine: 'etcd',
    requiredBy: 'etcd',
  },
  {
    name: 'cluster',
    kind: name,
    attribute: '',
    summary: 'what the directors of these VIPs have in common: keys begin with lvs/CLUSTER/',
    default: 'default',
    engine: 'etcd',
  },
  {
    name: 'ttl',
    // The kernel counts the life of an address in whole seconds.
    kind: duration(3000, 60_000, 1000),
    attribute: '',
    summary: 'time without an answer of etcd after which another director may have the VIPs: whole seconds',
    default: 3000,
    engine: 'etcd',
  },
  {
    name: 'user',
    kind: textLike('a user name', /^[!-~]{1,100}$/),
    attribute: '',
    summary: 'user of etcd',
    absent: 'none',
    engine: 'etcd',
  },
  {
    name: 'passwordFile',
    kind: file,
    attribute: '',
    summary: 'a file with the password of that user',
    absent: 'none',
    engine: 'etcd',
  },
  {
    name: 'ca',
    kind: file,
    attribute: '',
    summary: 'certificates in PEM that sign those of etcd',
    absent: 'those of the system',
    engine: 'etcd',
  },
  {
    name: 'certificate',
    kind: file,
    attribute: '',
    summary: 'certificate in PEM that is shown to etcd',
    absent: 'none',
    engine: 'etcd',
  },
  {
    name: 'key',
    kind: file,
    attribute: '',
    summary: 'its key in PEM',
    absent: 'none',
    engine: 'etcd',
  },
] as const satisfies readonly HaField[];

export const haType = {
  id: 'ha',
  summary: 'several directors with the same VIPs',
  fields: haFields,
  problems: haProblems,
} as const satisfies ObjectType;

/** Fields that are missing, or do not belong to the engine, or need one another. */
function haProblems(document: object): readonly ObjectProblem[] {
  const given = document as Readonly<Record<string, unknown>>;
  const { engine } = given;
  if (!(engines as readonly unknown[]).includes(engine)) return [];
  const problems: ObjectProblem[] = [];
  for (const field of haFields as readonly HaField[]) {
    const there = given[field.name] !== undefined;
    if (there && field.engine !== undefined && field.engine !== engine) {
      const message = `'${field.name}' does not belong to the engine ${engine}`;
      problems.push({ path: [field.name], message, hint: `it is a field of ${field.engine}` });
    }
    if (!there && field.requiredBy === engine)
      problems.push({
        path: [],
        message: `'${field.name}' is missing: ${'summary' in field ? field.summary : ''}`,
      });
  }
  if (engine === 'etcd' && given.preempt === true) {
    const hint = "leave it out: 'ipvsadm ha resign' moves the VIPs";
    problems.push({
      path: ['preempt'],
      message: "'preempt' needs priorities, which etcd does not have",
      hint,
    });
  }
  if (Array.isArray(given.endpoints) && given.endpoints.length === 0) {
    problems.push({ path: ['endpoints'], message: "'endpoints' has no member of etcd" });
  }
  for (const [one, other] of pairs) {
    if (given[one] !== undefined && given[other] === undefined)
      problems.push({ path: [one], message: `'${one}' needs '${other}'` });
  }
  return problems;
}

const pairs = [
  ['user', 'passwordFile'],
  ['passwordFile', 'user'],
  ['certificate', 'key'],
  ['key', 'certificate'],
  ['instance', 'fifo'],
] as const;

/** The settings that a document's fields stand for; undefined without an engine. */
export function toHaSettings(fields: HaFields | undefined): HaSettings | undefined {
  if (fields?.engine === undefined) return undefined;
  const { name: own, preempt, sync } = fields;
  return {
    ...{ name: own, preempt, engine: engineSettings(fields) },
    sync: sync?.syncId === undefined ? undefined : sync,
  };
}

/** The way back. */
export function fromHaSettings({ engine: { kind, ...own }, ...rest }: HaSettings): HaFields {
  return { ...rest, ...own, engine: kind };
}

function engineSettings(fields: HaFields): HaSettings['engine'] {
  const { engine, id, priority, peers, fifo, instance } = fields;
  if (engine === 'keepalived') return { kind: engine, id: id!, priority: priority!, peers, fifo, instance };
  const { endpoints: urls, cluster, ttl, user, passwordFile, ca, certificate, key } = fields;
  return {
    ...{ kind: engine, endpoints: urls!, cluster: cluster!, ttl: ttl! },
    ...{ user, passwordFile, ca, certificate, key },
  };
}

function addresses(): Kind<readonly string[], string[]> {
  return {
    form: 'flags',
    what: 'an address',
    write: (list) => [...list],
    read: (list) => list,
    problem: (text) => (parseAddress(text) ? undefined : { message: `'${text}' is not an address` }),
  };
}

function endpoints(): Kind<readonly string[], string[]> {
  return {
    form: 'flags',
    what: 'a URL',
    write: (list) => [...list],
    read: (list) => list,
    problem: (text) =>
      /^https?:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?\/?$/.test(text)
        ? undefined
        : { message: `'${text}' is not the URL of a member`, hint: 'such as https://192.0.2.30:2379' },
  };
}

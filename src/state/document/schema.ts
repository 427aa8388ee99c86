/** The schema of state documents and of connections' lines (zod). A bundle of its own, loaded when one is read. */
import * as z from 'zod';
import { limits, S32_MAX as S32, U8_MAX as U8, U16_MAX as U16, U32_MAX as U32 } from '../../model/limits';
import { connectionFields } from './connection-fields';
import type { Field } from './field';
import { serverFields } from './server-fields';
import { serviceFields } from './service-fields';
import { daemonFields, kernelFields, timeoutFields } from './table-fields';
import { STATE_FORMAT, STATE_VERSION } from './types';

/** `issue.message` of everything here reads on behind the field's name: "must be ...". */
function whole(minimum: number, maximum: number) {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z.number({ error }).int({ error }).min(minimum, { error }).max(maximum, { error });
}

function oneOf<const T extends readonly [string, ...string[]]>(...names: T) {
  return z.enum(names, { error: `must be ${listed(names)}` });
}

/** One of some names, or a number that has none. */
function nameOrNumber<const T extends readonly [string, ...string[]]>(names: T, maximum: number) {
  const error = `must be ${listed(names)}, or a whole number from 0 to ${maximum}`;
  return z.union([z.enum(names), z.number().int().min(0).max(maximum)], { error });
}

function text(what: string) {
  return z.string({ error: `must be ${what}, as text` });
}

function objectOf<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, { error: mustBe('an object') });
}

function listOf<T extends z.ZodType>(item: T) {
  return z.array(item, { error: mustBe('a list') });
}

/** The message for a wrong type alone: zod asks the same function about unknown fields. */
function mustBe(what: string): (issue: { code?: string }) => string | undefined {
  return ({ code }) => (code === 'invalid_type' ? `must be ${what}` : undefined);
}

function listed(names: readonly string[]): string {
  return names.length === 1 ? `'${names[0]}'` : `one of ${names.join(', ')}`;
}

/** Gives the fields of an object the summaries of the field table. @param outer the object's name and a dot, or ''. */
function described<S extends Record<string, z.ZodType>>(
  fields: readonly Pick<Field<never>, 'name' | 'summary'>[],
  shape: S,
  outer = '',
): S {
  const entries = Object.entries(shape).map(([name, type]) => {
    const summary = fields.find((field) => field.name === `${outer}${name}`)?.summary;
    return [name, summary === undefined ? type : type.describe(summary)];
  });
  return Object.fromEntries(entries) as S;
}

const counter = z
  .union([z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), z.string().regex(/^[0-9]{16,20}$/)], {
    error: 'must be a whole number, or a decimal string from 2^53 on',
  })
  .meta({ id: 'counter', description: 'a 64-bit counter: a number up to 2^53-1, a decimal string beyond' });

const familyName = oneOf('ipv4', 'ipv6');
const address = text('an address').meta({ description: 'an IPv4 or IPv6 address' });
const unknown = z.record(z.string().regex(/^[0-9]{1,5}$/), z.string().regex(/^([0-9a-f]{2})*$/), {
  error: 'must be an object of hexadecimal digits by attribute number',
});

const statistics = objectOf(
  described(
    serviceFields,
    {
      connections: counter,
      inPackets: counter,
      outPackets: counter,
      inBytes: counter,
      outBytes: counter,
      connectionRate: counter,
      inPacketRate: counter,
      outPacketRate: counter,
      inByteRate: counter,
      outByteRate: counter,
    },
    'statistics.',
  ),
).meta({ id: 'statistics', description: 'totals and rates; ignored when a document is loaded' });

const timeout = whole(limits.timeout.min, limits.timeout.max);

const flags = listOf(text('the name of a flag'));

const server = objectOf(
  described(serverFields, {
    family: familyName.optional(),
    address,
    port: whole(0, U16).optional(),
    forwarding: nameOrNumber(['masquerading', 'local', 'tunneling', 'gatewaying'], 7).optional(),
    weight: whole(0, S32).optional(),
    upperThreshold: whole(0, S32).optional(),
    lowerThreshold: whole(0, S32).optional(),
    tunnel: objectOf(
      described(
        serverFields,
        {
          type: nameOrNumber(['ipip', 'gue', 'gre'], U8).optional(),
          port: whole(0, U16).optional(),
          flags: flags.optional(),
        },
        'tunnel.',
      ),
    ).optional(),
    connections: objectOf(
      described(
        serverFields,
        { active: whole(0, U32), inactive: whole(0, U32), persistent: whole(0, U32) },
        'connections.',
      ),
    ).optional(),
    statistics: statistics.optional(),
    unknown: unknown.optional(),
  }),
).meta({ id: 'server', description: 'a real server' });

const service = objectOf(
  described(serviceFields, {
    protocol: nameOrNumber(['tcp', 'udp', 'sctp'], U16).optional(),
    fwmark: whole(1, U32).optional(),
    family: familyName.optional(),
    address: address.optional(),
    port: whole(0, U16).optional(),
    scheduler: text('the name of a scheduler').optional(),
    flags: flags.optional(),
    persistence: objectOf(
      described(
        serviceFields,
        {
          enabled: z.boolean({ error: 'must be true or false' }).optional(),
          timeout: whole(0, U32).optional(),
          netmask: z
            .union([z.string(), z.number().int().min(1).max(128)], {
              error: 'must be an IPv4 mask as text, or an IPv6 prefix length from 1 to 128',
            })
            .optional(),
          engine: text('the name of a persistence engine').optional(),
        },
        'persistence.',
      ),
    ).optional(),
    statistics: statistics.optional(),
    unknown: unknown.optional(),
    servers: listOf(server).optional(),
  }),
).meta({
  id: 'service',
  description: 'a virtual service: protocol, address and port, or fwmark',
});

const daemon = objectOf(
  described(daemonFields, {
    state: oneOf('master', 'backup'),
    interface: text('the name of an interface'),
    syncId: whole(0, U32).optional(),
    maxLength: whole(1, U16).optional(),
    group: address.optional(),
    port: whole(1, U16).optional(),
    ttl: whole(1, U8).optional(),
    unknown: unknown.optional(),
  }),
).meta({ id: 'daemon', description: 'a connection sync daemon' });

/** A state document. */
export const stateSchema = objectOf({
  format: z.literal(STATE_FORMAT, { error: `must be '${STATE_FORMAT}'` }),
  version: z.literal(STATE_VERSION, {
    error: `must be ${STATE_VERSION}, which this version of ipvsadm knows`,
  }),
  kernel: objectOf(
    described(kernelFields, {
      version: text('a version'),
      connectionTableSize: whole(0, U32),
    }),
  )
    .describe('what the kernel said of itself; ignored when a document is loaded')
    .optional(),
  timeouts: objectOf(described(timeoutFields, { tcp: timeout, tcpFin: timeout, udp: timeout }))
    .describe('connection timeouts in seconds')
    .optional(),
  daemons: listOf(daemon).describe('the running sync daemons').optional(),
  services: listOf(service).describe('the virtual services').optional(),
}).meta({ title: 'State of IPVS', description: 'What ipvsadm snapshot and --json write: docs/state.md' });

const endpoint = (name: string) =>
  objectOf(described(connectionFields, { address, port: whole(0, U16) }, `${name}.`));

/** A line of `list --connection --json`. */
export const connectionSchema = objectOf(
  described(connectionFields, {
    protocol: text('a protocol'),
    client: endpoint('client'),
    virtual: endpoint('virtual'),
    server: endpoint('server'),
    state: text('a state'),
    expires: whole(0, U32),
    persistence: objectOf(
      described(connectionFields, { engine: z.string(), data: z.string() }, 'persistence.'),
    ).optional(),
  }),
).meta({
  title: 'IPVS connection',
  description: 'A line of ipvsadm list --connection --json: docs/state.md',
});

/** JSON Schemas (draft 2020-12) by the name of what they describe. */
export function jsonSchemas(): Record<'state' | 'connection', object> {
  return { state: z.toJSONSchema(stateSchema), connection: z.toJSONSchema(connectionSchema) };
}

/** What is wrong with one part of a document. */
export interface SchemaProblem {
  /** Keys and indexes that lead to the part. */
  readonly path: readonly (string | number)[];
  /** 'unknown' and 'missing' are about the field that ends `path`. */
  readonly kind: 'unknown' | 'missing' | 'wrong';
  /** What would be right, behind the field's name: "must be ...". */
  readonly message: string;
}

/** Everything that is wrong with the shape of a state document; nothing when `value` is one. */
export function schemaProblems(value: unknown): SchemaProblem[] {
  const { error } = stateSchema.safeParse(value, { reportInput: true });
  return (error?.issues ?? []).flatMap((issue): SchemaProblem[] => {
    const path = issue.path as (string | number)[];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], kind: 'unknown', message: '' }));
    }
    const missing = issue.input === undefined && path.length > 0;
    return [{ path, kind: missing ? 'missing' : 'wrong', message: issue.message }];
  });
}

/** The names of the fields that may stand at `path`, for "did you mean". */
export function fieldsAt(path: readonly (string | number)[]): string[] {
  let type: unknown = stateSchema;
  for (const part of path) {
    type = unwrapped(type);
    if (type instanceof z.ZodArray) type = type.element;
    else if (type instanceof z.ZodObject) type = type.shape[part as string];
  }
  type = unwrapped(type);
  return type instanceof z.ZodObject ? Object.keys(type.shape) : [];
}

function unwrapped(type: unknown): unknown {
  return type instanceof z.ZodOptional ? unwrapped(type.unwrap()) : type;
}

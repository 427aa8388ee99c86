/** The daemon's state as texts, and back. Another version or another boot's is as none. */
import type { CheckHealth } from './health';
import type { SavedOwned } from './owned-record';
import * as shape from './shape';
import type { Ramp } from './slow-start';
import type { DirectorEvent, Generation, Override } from './types';

const VERSION = 1;

/** What is remembered of the health of the servers, each by its key. */
export interface SavedHealth {
  readonly servers: ReadonlyMap<string, SavedServer>;
  /** The services that have a quorum, or have none. */
  readonly quorum: ReadonlyMap<string, boolean>;
  /** The gateway of the default route, if it has answered. */
  readonly gateway?: string | undefined;
}

export interface SavedServer {
  /** By what the check is and how it is judged. */
  readonly checks: ReadonlyMap<string, CheckHealth>;
  readonly ramp: Ramp;
}

export interface SavedGenerations {
  /** Oldest first. */
  readonly list: readonly Generation[];
  /** The number of the one in use; 0: none. */
  readonly current: number;
  /** The digest of a document that was taken back: it is not taken again by a restart alone. */
  readonly takenBack?: string | undefined;
}

export interface SavedDocument {
  readonly name: string;
  readonly text: string;
  readonly resolved?: string | undefined;
}

export interface SavedEvents {
  readonly next: number;
  /** Oldest first. */
  readonly list: readonly DirectorEvent[];
}

/** How a value is written and read. */
export interface Format<T> {
  write(value: T, epoch: string): string;
  /** @returns undefined for a file of another boot or version. @throws DamagedError */
  read(content: string, epoch: string): T | undefined;
}

/** @param bound whether it ends with the boot and namespace. */
function format<T>(bound: boolean, plain: (value: T) => object, read: shape.Shape<T>): Format<T> {
  return {
    write: (value, epoch) =>
      `${JSON.stringify({ version: VERSION, ...(bound ? { epoch } : {}), ...plain(value) })}\n`,
    read: (content, epoch) => {
      const head = shape.parse(content, heading);
      if (head.version !== VERSION || (bound && head.epoch !== epoch)) return undefined;
      return shape.parse(content, read);
    },
  };
}

const heading = shape.object<{ version: number; epoch: string | undefined }>({
  version: shape.number,
  epoch: shape.optional(shape.text),
});

/** Fields that are absent stay so: exact optional types know no undefined there. */
function present<T extends object>(read: shape.Shape<T>): shape.Shape<T> {
  return (value, place) =>
    Object.fromEntries(
      Object.entries(read(value, place)).filter(([, field]) => field !== undefined),
    ) as unknown as T;
}

const { text, number, count, flag, optional, list, map, object, oneOf } = shape;

const adminState = oneOf('ready', 'drain', 'maint');

interface PlainOwned {
  readonly services: Map<string, string[]>;
  readonly taken: string[] | undefined;
  readonly paths: Map<string, string> | undefined;
}

const plainOwned: shape.Shape<PlainOwned> = object<PlainOwned>({
  services: map(list(text)),
  taken: optional(list(text)),
  paths: optional(map(text)),
});

export const ownedFormat: Format<SavedOwned> = format(
  true,
  ({ services, taken, paths }) => ({
    services: Object.fromEntries([...services].map(([id, servers]) => [id, [...servers]])),
    ...(taken.size > 0 ? { taken: [...taken] } : {}),
    ...(paths.size > 0 ? { paths: Object.fromEntries(paths) } : {}),
  }),
  (value, place) => {
    const { services, taken, paths } = plainOwned(value, place);
    return {
      services: new Map([...services].map(([id, servers]) => [id, new Set(servers)])),
      taken: new Set(taken),
      paths: paths ?? new Map(),
    };
  },
);

const wish: shape.Shape<CheckHealth['wish']> = present(
  object<CheckHealth['wish']>({
    weight: optional(number),
    absoluteWeight: optional(number),
    addedWeight: optional(number),
    wish: optional(adminState),
  }),
);

const checkHealth: shape.Shape<CheckHealth> = object<CheckHealth>({
  state: oneOf('up', 'down', 'unknown'),
  since: number,
  ok: optional(flag),
  streak: number,
  streakSince: number,
  falls: list(number),
  confirmed: flag,
  wish,
});

const savedServer: shape.Shape<SavedServer> = object<SavedServer>({
  checks: map(checkHealth),
  ramp: present(object<Ramp>({ wasOut: flag, since: optional(number) })),
});

const plainHealth: Format<SavedHealth> = format(
  true,
  ({ servers, quorum, gateway }) => ({
    quorum: Object.fromEntries(quorum),
    gateway,
    servers: Object.fromEntries(servers),
  }),
  object<SavedHealth>({ servers: map(savedServer), quorum: map(flag), gateway: optional(text) }),
);

/** How its text ends without servers. */
const NO_SERVERS = '{}}\n';

/** Health as the texts of its servers (`serverText`): most are the same as they were a second ago. */
export const healthTexts: Pick<Format<HealthTexts>, 'write'> = {
  write({ servers, ...rest }, epoch) {
    const text = plainHealth.write({ ...rest, servers: new Map() }, epoch);
    return `${text.slice(0, -NO_SERVERS.length)}{${servers.join(',')}}}\n`;
  },
};

export interface HealthTexts extends Omit<SavedHealth, 'servers'> {
  readonly servers: readonly string[];
}

export function serverText(id: string, { checks, ramp }: SavedServer): string {
  return `${JSON.stringify(id)}:${JSON.stringify({ checks: Object.fromEntries(checks), ramp })}`;
}

export const healthFormat: Format<SavedHealth> = {
  ...plainHealth,
  write({ servers, ...rest }, epoch) {
    const texts = Array.from(servers, ([id, server]) => serverText(id, server));
    return healthTexts.write({ ...rest, servers: texts }, epoch);
  },
};

const override: shape.Shape<Override> = present(
  object<Override>({
    admin: adminState,
    weight: optional(number),
    author: text,
    reason: optional(text),
    since: number,
    until: optional(number),
    fileAdmin: adminState,
  }),
);

export const overridesFormat: Format<ReadonlyMap<string, Override>> = format(
  false,
  (overrides) => ({ servers: Object.fromEntries(overrides) }),
  (value, place) =>
    object<{ servers: Map<string, Override> }>({ servers: map(override) })(value, place).servers,
);

const generation: shape.Shape<Generation> = present(
  object<Generation>({
    number: count,
    sha256: text,
    at: number,
    author: text,
    applied: flag,
    confirmUntil: optional(number),
    shared: optional(count),
  }),
);

export const generationsFormat: Format<SavedGenerations> = format(
  false,
  (saved) => saved,
  present(object<SavedGenerations>({ list: list(generation), current: count, takenBack: optional(text) })),
);

export const documentFormat: Format<SavedDocument> = format(
  false,
  (saved) => saved,
  object<SavedDocument>({ name: text, text, resolved: optional(text) }),
);

/** All of them: one that is not here would make the file of events a damaged one. */
const eventKinds: Readonly<Record<DirectorEvent['kind'], true>> = {
  'server-up': true,
  'server-down': true,
  'quorum-gained': true,
  'quorum-lost': true,
  override: true,
  repaired: true,
  contested: true,
  refused: true,
  blind: true,
  sighted: true,
  reloaded: true,
  'rolled-back': true,
  certificate: true,
  role: true,
  note: true,
  alarm: true,
};

const event: shape.Shape<DirectorEvent> = present(
  object<DirectorEvent>({
    id: count,
    at: number,
    kind: oneOf(...(Object.keys(eventKinds) as DirectorEvent['kind'][])),
    service: optional(text),
    server: optional(text),
    text,
  }),
);

export const eventsFormat: Format<SavedEvents> = format(
  false,
  (saved) => saved,
  object<SavedEvents>({ next: count, list: list(event) }),
);

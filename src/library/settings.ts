/**
 * Checks what library users give, by name: TypeScript sees a misspelled name only in a literal, and
 * JavaScript never.
 */
import { isWithin, limits, nameLengths, type Range, U8_MAX, U16_MAX, U32_MAX } from '../model/limits';
import { forwardingMethods, type RealServer, type ServerKey, type Tunnel } from '../model/real-server';
import type { VirtualService } from '../model/virtual-service';
import { suggestName } from '../state/source/suggest';

/** What may be set of a virtual service. */
export type ServiceSettings = Partial<Omit<VirtualService, 'key'>>;

/** What may be set of a real server. */
export type ServerSettings = Partial<Omit<RealServer, keyof ServerKey>>;

/** What a value must be, as a message says it; undefined if it is that. */
type Judge = (value: unknown) => string | undefined;

type Judges<T> = { readonly [Name in keyof Required<T>]: Judge };

const serviceSettings: Judges<ServiceSettings> = {
  scheduler: name(nameLengths.scheduler),
  flags: integer({ min: 0, max: U32_MAX }),
  timeout: integer({ min: 0, max: U32_MAX }),
  netmask: integer({ min: 0, max: U32_MAX }),
  persistenceEngine: name(nameLengths.persistenceEngine, 'or empty'),
};

const tunnelSettings: Judges<Tunnel> = {
  type: integer({ min: 0, max: U8_MAX }),
  port: integer(limits.port),
  flags: integer({ min: 0, max: U16_MAX }),
};

const serverSettings: Judges<ServerSettings> = {
  forwarding: oneOf(forwardingMethods),
  weight: integer(limits.weight),
  upperThreshold: integer(limits.threshold),
  lowerThreshold: integer(limits.threshold),
  tunnel: (value) => (isObject(value) ? undefined : 'an object with type, port and flags'),
};

/** @throws TypeError or RangeError for a setting that a virtual service does not have or take. */
export function checkServiceSettings(settings: ServiceSettings): void {
  checkSettings('a virtual service', settings, serviceSettings);
}

/** @throws TypeError or RangeError for a setting that a real server does not have or take. */
export function checkServerSettings(settings: ServerSettings): void {
  checkSettings('a real server', settings, serverSettings);
  if (!settings.tunnel) return;
  checkSettings('a tunnel', settings.tunnel, tunnelSettings);
  const missing = Object.keys(tunnelSettings).find((name) => !(name in settings.tunnel!));
  if (missing !== undefined) throw new TypeError(`tunnel: ${missing} is missing`);
}

/**
 * Checks names and values of settings.
 * @param whose what the settings are of, for the message.
 * @throws TypeError for an unknown name, with the nearest one; RangeError or TypeError for a value.
 */
export function checkSettings<T extends object>(whose: string, settings: T, judges: Judges<T>): void {
  if (!isObject(settings))
    throw new TypeError(`${shown(settings)}: the settings of ${whose} must be an object`);
  for (const [setting, value] of Object.entries(settings)) {
    if (!Object.hasOwn(judges, setting)) {
      throw new TypeError(unknownName(setting, `not a setting of ${whose}`, Object.keys(judges)));
    }
    const wanted = judges[setting as keyof T](value);
    if (wanted === undefined) continue;
    const message = `${setting}: ${shown(value)}: must be ${wanted}`;
    throw typeof value === 'number' ? new RangeError(message) : new TypeError(message);
  }
}

/** The number of a name in a table of the kernel's numbers. @throws TypeError, with the nearest name. */
export function numberOf<T extends Readonly<Record<string, number>>>(
  what: string,
  name: keyof T & string,
  table: T,
): number {
  if (typeof name !== 'string' || !Object.hasOwn(table, name)) {
    throw new TypeError(unknownName(shown(name), `not ${what}`, Object.keys(table)));
  }
  return table[name]!;
}

/** The message for a name that is none of those that are known, with the nearest one. */
export function unknownName(name: string, problem: string, known: readonly string[]): string {
  const hint = suggestName(name.replace(/^'(.*)'$/, '$1'), known);
  return [name, problem, hint].filter((part) => part !== undefined).join(': ');
}

function integer(range: Range): Judge {
  return (value) =>
    Number.isInteger(value) && isWithin(value as number, range)
      ? undefined
      : `an integer from ${range.min} to ${range.max}`;
}

function oneOf(table: Readonly<Record<string, number>>): Judge {
  return (value) =>
    Object.values(table).includes(value as number) ? undefined : `one of ${Object.keys(table).join(', ')}`;
}

/** @param more said of what is also right. */
function name(longest: number, more?: string): Judge {
  const shortest = more === undefined ? 1 : 0;
  return (value) =>
    typeof value === 'string' && value.length >= shortest && value.length <= longest && !value.includes('\0')
      ? undefined
      : `a name of at most ${longest} characters${more === undefined ? '' : `, ${more}`}`;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  return isObject(value) ? 'an object' : String(value);
}

/** Kinds of fields that health checks and policies have: durations, patterns, ranges, maps. */
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { visibleUnicodeWord } from '../../bytes/visible';
import type { Pattern } from '../../model/check';
import type { Kind, ValueProblem } from './kinds';
import { text } from './kinds';

const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const durationForm = /^(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+(?:\.[0-9]+)?)s)?(?:([0-9]+)ms)?$/;

/** Returns the milliseconds of a text such as `2s`, `500ms`, `1m30s`; undefined for anything else. */
export function parseDuration(value: string): number | undefined {
  const parts = value.length > 40 || value === '' ? undefined : durationForm.exec(value)?.slice(1);
  if (!parts) return undefined;
  return Math.round(
    Object.values(units).reduce((sum, unit, index) => sum + Number(parts[index] ?? 0) * unit, 0),
  );
}

/** Returns a duration as a document has it. @param milliseconds a whole number. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds % units.s !== 0) return `${milliseconds}ms`;
  const seconds = milliseconds / units.s;
  if (seconds <= 120) return `${seconds}s`;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${rest ? `${rest}s` : ''}`;
}

/** What a bare number is: in the message for one. */
export const NO_UNIT = 'must be a duration with its unit: seconds? say 2s';

/** A duration in milliseconds. @param step what it must be a multiple of. */
export function duration(minimum: number, maximum: number, step = 1): Kind<number, string> {
  return {
    form: 'duration',
    write: formatDuration,
    read: (value) => parseDuration(value)!,
    problem: (value) => durationProblem(value, minimum, maximum, step),
  };
}

function durationProblem(
  value: string,
  minimum: number,
  maximum: number,
  step: number,
): ValueProblem | undefined {
  const milliseconds = parseDuration(value);
  if (milliseconds === undefined) {
    const bare = /^[0-9.]+$/.test(value);
    return {
      message: `'${value}' is not a duration`,
      hint: bare ? `seconds? say ${value}s` : 'such as 2s, 500ms or 1m30s',
    };
  }
  if (milliseconds % step !== 0) {
    const nearest = formatDuration(Math.ceil(milliseconds / step) * step);
    return { message: `'${value}' is not a multiple of ${formatDuration(step)}`, hint: `such as ${nearest}` };
  }
  if (milliseconds >= minimum && milliseconds <= maximum) return undefined;
  return { message: `'${value}' is not from ${formatDuration(minimum)} to ${formatDuration(maximum)}` };
}

/** A text, whose form `problem` checks. @param what continues "must be" in messages. */
export function textThat(
  what: string,
  problem: (value: string) => ValueProblem | undefined,
): Kind<string, string> {
  return { ...text(what), form: 'text', what, problem };
}

/** A text that a pattern fits. */
export function textLike(what: string, pattern: RegExp, hint?: string): Kind<string, string> {
  return textThat(what, (value) =>
    pattern.test(value)
      ? undefined
      : { message: `'${value}' is not ${what}`, ...(hint === undefined ? {} : { hint }) },
  );
}

/** A name of the program's own: with anything in it, no selector would be certain. */
export const name: Kind<string, string> = textLike(
  'a name',
  /^[A-Za-z0-9._-]{1,63}$/,
  'letters, digits, dots, hyphens and underscores, 63 at most',
);

const MAX_COMMENT = 200;

/** What people read beside a name, in one line. It stays Unicode in the model. */
export const comment: Kind<string, string> = textThat(
  `one line of 1 to ${MAX_COMMENT} characters`,
  (value) => {
    const length = [...value].length;
    if (length === 0) return { message: 'the comment is empty' };
    if (length > MAX_COMMENT) {
      return { message: `the comment has ${length} characters`, hint: `${MAX_COMMENT} at most` };
    }
    if (visibleUnicodeWord(value) === value) return undefined;
    return { message: 'the comment has control characters', hint: 'one line of text' };
  },
);

/** The words of a table, as texts. */
export function choice<const T extends string>(...names: readonly T[]): Kind<T, T> {
  const same = (value: T) => value;
  return { form: 'enum', names, write: same, read: same };
}

const regexForm = /^\/(.+)\/(i?)$/s;
/** A text that would be read as a regular expression, with the backslashes that prevent it. */
const regexLike = /^\\*\/.+\/i?$/s;

/** Returns the pattern that a text of a document stands for. */
function toPattern(value: string): Pattern {
  const [, regex, flag] = regexForm.exec(value) ?? [];
  if (regex !== undefined) {
    return { regex: bytesFromUnicode(regex), ...(flag === 'i' ? { ignoreCase: true } : {}) };
  }
  return { text: bytesFromUnicode(regexLike.test(value) ? value.slice(1) : value) };
}

function fromPattern(pattern: Pattern): string {
  if ('regex' in pattern) return `/${unicodeFromBytes(pattern.regex)}/${pattern.ignoreCase ? 'i' : ''}`;
  const value = unicodeFromBytes(pattern.text);
  return regexLike.test(value) ? `\\${value}` : value;
}

const A_PATTERN = 'a text or a /regular expression/';

function patternProblem(value: string): ValueProblem | undefined {
  if (value === '') return { message: 'the pattern is empty: everything contains it' };
  const found = toPattern(value);
  if (!('regex' in found)) return undefined;
  try {
    new RegExp(found.regex, 's');
    return undefined;
  } catch {
    const hint = "JavaScript's syntax; a text that begins and ends with a slash needs a backslash before it";
    return { message: `'${value}' is not a regular expression`, hint };
  }
}

/** A text, or a regular expression between slashes. */
export const pattern: Kind<Pattern, string> = {
  form: 'text',
  what: A_PATTERN,
  write: fromPattern,
  read: toPattern,
  problem: patternProblem,
};

/** One text or more. */
function texts<Model>(
  what: string,
  one: { write(value: Model): string; read(value: string): Model },
  problem: (value: string) => ValueProblem | undefined,
): Kind<readonly Model[], string | string[]> {
  return {
    form: 'texts',
    what,
    problem,
    write: (values) => {
      if (values.length === 0) return undefined;
      return values.length === 1 ? one.write(values[0]!) : values.map(one.write);
    },
    read: (value) => (typeof value === 'string' ? [value] : value).map(one.read),
  };
}

/** One pattern or more. */
export const patterns = texts(A_PATTERN, { write: fromPattern, read: toPattern }, patternProblem);

/** One digest or more, in lower case. */
export function digests(length: number): Kind<readonly string[], string | string[]> {
  const one = { write: (value: string) => value, read: (value: string) => value.toLowerCase() };
  return texts('a digest', one, (value) =>
    value.length === length && /^[0-9A-Fa-f]+$/.test(value)
      ? undefined
      : { message: `'${value}' is not ${length} hexadecimal digits` },
  );
}

/** A program and its arguments: a list, so that no shell has to split it. */
export const command: Kind<readonly string[], string | string[]> = {
  ...texts(
    'a program or one of its arguments',
    { write: unicodeFromBytes, read: bytesFromUnicode },
    (value) => (value.includes('\0') ? { message: 'a NUL character ends an argument' } : undefined),
  ),
  write: (words) => words.map(unicodeFromBytes),
};

type Ranges = readonly (readonly [from: number, to: number])[];

/** Ranges of statuses, both ends included. */
export const statuses: Kind<Ranges, string | number> = {
  form: 'text-or-number',
  what: 'statuses',
  write: (ranges) => {
    const [first] = ranges;
    if (ranges.length === 1 && first![0] === first![1]) return first![0];
    return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',');
  },
  read: (value) => toRanges(String(value))!,
  problem: (value) =>
    toRanges(String(value))
      ? undefined
      : { message: `'${value}' is no range of statuses`, hint: "such as 200, 200-299 or '200-299,401'" },
};

function toRanges(value: string): Ranges | undefined {
  if (value.length > 1000) return undefined;
  const ranges = value.split(',').map((range): readonly [number, number] => {
    const [, from, to] = /^ *([1-9][0-9]{2})(?:-([1-9][0-9]{2}))? *$/.exec(range) ?? [];
    return [Number(from), Number(to ?? from)];
  });
  return ranges.every(([from, to]) => from <= to) ? ranges : undefined;
}

type Quorum = { readonly weight: number } | { readonly part: number };

/** A sum of weights, or a part of all weights in percent. */
export const quorum: Kind<Quorum, string | number> = {
  form: 'text-or-number',
  what: 'a sum of weights',
  write: (value) => ('weight' in value ? value.weight : `${Math.round(value.part * 1e6) / 1e4}%`),
  read: (value) => toQuorum(value)!,
  problem: (value) =>
    toQuorum(value)
      ? undefined
      : { message: `'${value}' is no quorum`, hint: "a sum of weights such as 2, or a part such as '50%'" },
};

function toQuorum(value: string | number): Quorum | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= 0 && value <= 0xffffffff ? { weight: value } : undefined;
  }
  const percent = /^([0-9]{1,3}(?:\.[0-9]{1,4})?)%$/.exec(value)?.[1];
  return percent !== undefined && Number(percent) <= 100 ? { part: Number(percent) / 100 } : undefined;
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function headerProblem(header: string, value: unknown): ValueProblem | undefined {
  if (!token.test(header)) return { message: `'${header}' is not the name of a header` };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the header
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value as string)) return { message: 'a header is one line' };
  return undefined;
}

/** Headers of a request. */
export const headers: Kind<Readonly<Record<string, string>>, Record<string, string>> = {
  form: 'map',
  what: 'headers: texts by name',
  values: 'text',
  problem: headerProblem,
  write: (map) => mapped(map, unicodeFromBytes),
  read: (map) => mapped(map, bytesFromUnicode) ?? {},
};

/** Patterns of the headers of an answer, by names in lower case. */
export const headerPatterns: Kind<Readonly<Record<string, Pattern>>, Record<string, string>> = {
  form: 'map',
  what: 'patterns by the name of a header',
  values: 'text',
  problem: (header, value) => headerProblem(header, '') ?? patternProblem(value as string),
  write: (map) => mapped(map, fromPattern),
  read: (map) => mapped(map, toPattern, (header) => header.toLowerCase()) ?? {},
};

/** Undefined for an empty map, which is left out. */
function mapped<From, To>(
  map: Readonly<Record<string, From>>,
  change: (value: From) => To,
  rename = (key: string) => key,
): Record<string, To> | undefined {
  const entries = Object.entries(map);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([key, value]) => [rename(key), change(value)]));
}

type JsonValues = readonly { readonly pointer: string; readonly equals: unknown }[];

/** Values of a JSON document by JSON pointer. */
export const jsonValues: Kind<JsonValues, Record<string, unknown>> = {
  form: 'map',
  what: 'values by JSON pointer',
  values: 'any',
  problem: (pointer) =>
    /^(?:\/(?:[^~]|~[01])*)?$/s.test(pointer)
      ? undefined
      : { message: `'${pointer}' is not a JSON pointer`, hint: "such as '/status', or '' for the whole" },
  write: (list) =>
    list.length === 0 ? undefined : Object.fromEntries(list.map(({ pointer, equals }) => [pointer, equals])),
  read: (map) => Object.entries(map).map(([pointer, equals]) => ({ pointer, equals })),
};

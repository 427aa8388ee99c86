/** Reads a state from a file: ipvsadm rules, JSON, YAML, or what keepalived and ldirectord are configured with. */
import { toText } from '../../bytes/byte-text';
import { unicodeFromBytes } from '../../bytes/unicode';
import type { ParseContext } from '../../classic/parse';
import { strerror } from '../../errors/kernel-messages';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { withNames } from '../../platform/names';
import { type Reading, readDocument } from '../document/read';
import { readRules } from '../rules/read';
import { isError, type Problem, type Source } from '../source/diagnostics';
import type { Parsed } from '../source/tree';
import { checkState } from '../table/check';

export const stateFormats = ['rules', 'json', 'yaml', 'keepalived', 'ldirectord'] as const;
export type StateFormat = (typeof stateFormats)[number];

/** Whether it is another program's. */
export function isImportedFormat(format: StateFormat): boolean {
  return format === 'keepalived' || format === 'ldirectord';
}

/** Largest files that are read whole, in bytes: tables of some 400,000 real servers. */
const mostBytes: Readonly<Record<StateFormat, number>> = {
  rules: 64e6,
  json: 64e6,
  yaml: 16e6,
  keepalived: 64e6,
  ldirectord: 64e6,
};

export interface ReadOptions {
  readonly format?: StateFormat | undefined;
  /** Whether rules are the whole of a state, as for apply; else they may change what is not in them. */
  readonly complete: boolean;
  /** Of keepalived: the machine whose lines count. */
  readonly configId?: string | undefined;
}

/** What was read, and from which text. */
export interface ReadState extends Reading {
  readonly source: Source;
  readonly format: StateFormat;
  /** Whether the state can be used: only errors matter. */
  readonly good: boolean;
}

/** Reads and checks a file, or standard input for '-'. Every problem that can be found is. */
export async function readState(
  file: string,
  system: InteractiveSystem,
  context: ParseContext,
  options: ReadOptions,
): Promise<ReadState> {
  const name = file === '-' ? '(standard input)' : unicodeFromBytes(file);
  const most = mostBytes[options.format ?? formatOfName(file) ?? 'rules'];
  const bytes = readAll(file, system, most);
  if (typeof bytes !== 'string') return unreadable(name, '', bytes);
  const whole = unicodeFromBytes(bytes);
  const unmarked = whole.replace(/^\ufeff/, '');
  const format = options.format ?? formatOfName(file) ?? formatOfText(unmarked);
  // ldirectord's reader reports a byte order mark, and takes any bytes in comments.
  const text = format === 'ldirectord' ? whole : unmarked;
  const bad = badText(text, mostBytes[format], format === 'ldirectord' ? /\0/ : undefined);
  if (bad) return unreadable(name, text, bad);
  const reading =
    format === 'rules'
      ? await readRules(text, context, options.complete)
      : readDocument(await withNames(() => parsers[format](text, context, options)));
  const checks = checkState(reading.state).map(
    ({ path, ...finding }): Problem => ({ span: reading.locate(path), ...finding }),
  );
  const problems = [...reading.problems, ...checks];
  const good = !problems.some(isError);
  return { ...reading, problems, source: { name, text }, format, good };
}

/** Each is loaded when it is needed. */
const parsers: Readonly<
  Record<Exclude<StateFormat, 'rules'>, (text: string, context: ParseContext, options: ReadOptions) => Parsed>
> = {
  json: (text) => (require('../source/parse-json') as typeof import('../source/parse-json')).parseJson(text),
  yaml: (text) => (require('../source/parse-yaml') as typeof import('../source/parse-yaml')).parseYaml(text),
  keepalived: (text, _, { configId }) =>
    (require('../keepalived/read') as typeof import('../keepalived/read')).parseKeepalived(text, configId),
  ldirectord: (text, { names }) =>
    (require('../ldirectord/read') as typeof import('../ldirectord/read')).parseLdirectord(text, names),
};

function unreadable(name: string, text: string, problem: Problem): ReadState {
  const source = { name, text };
  return { source, format: 'rules', state: {}, problems: [problem], locate: () => undefined, good: false };
}

/** The bytes as text; the problem when they cannot be had, or are more than `most`. */
function readAll(file: string, system: InteractiveSystem, most: number): string | Problem {
  let failure = 0;
  const failed = (errno: number) => {
    failure = errno;
  };
  const blocks = file === '-' ? inputBlocks(system) : system.fileBlocks(file, failed);
  const parts: string[] = [];
  let size = 0;
  for (const block of blocks) {
    size += block.length;
    if (size > most) return tooLarge(most);
    parts.push(toText(block));
  }
  if (failure !== 0) return { message: `cannot be read: ${strerror(failure)}`, severity: 'error' };
  return parts.join('');
}

function* inputBlocks(system: InteractiveSystem): Generator<Uint8Array, void> {
  for (;;) {
    const block = system.readInput();
    if (block.length === 0) return;
    yield block;
  }
}

function tooLarge(most: number): Problem {
  return { message: `is larger than ${most / 1e6} MB`, severity: 'error' };
}

/** What no format can be. */
function badText(text: string, most: number, bad = /\0|[\udc80-\udcff]/u): Problem | undefined {
  if (text.length > most) return tooLarge(most);
  if (text.trim() === '') return { message: 'is empty', severity: 'error' };
  const at = text.search(bad);
  if (at < 0) return undefined;
  const message =
    text[at] === '\0' ? 'is a binary file: here is a NUL byte' : 'is not UTF-8: here is another byte';
  return { span: { offset: at, length: 1 }, message, severity: 'error' };
}

function formatOfName(file: string): StateFormat | undefined {
  if (/\.json$/i.test(file)) return 'json';
  if (/keepalived[^/]*\.conf$/i.test(file)) return 'keepalived';
  if (/\.cf$/i.test(file)) return 'ldirectord';
  return /\.ya?ml$/i.test(file) ? 'yaml' : undefined;
}

/** What the first line that says something looks like. */
function formatOfText(text: string): StateFormat {
  const [line = ''] = /^(?!\s*(#|$)).*$/m.exec(text) ?? [];
  if (/^\s*[{[]/.test(line)) return 'json';
  if (/^\s*(!|(global_defs|virtual_server(_group)?|vrrp_\w+)\b)/.test(line)) return 'keepalived';
  if (/^([a-z0-9]+\s*=|supervised\s*$)/.test(line)) return 'ldirectord';
  return /^\s*(---|%YAML|["']?\w+["']?\s*:(\s|$))/.test(line) ? 'yaml' : 'rules';
}

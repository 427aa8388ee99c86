/**
 * Reads a state from a file: rules, a state document (JSON, YAML), keepalived.conf or
 * ldirectord.cf.
 */
import { toText } from '../../bytes/byte-text';
import { unicodeFromBytes } from '../../bytes/unicode';
import type { ParseContext } from '../../classic/parse';
import { strerror } from '../../errors/kernel-messages';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { withNames } from '../../platform/names';
import { InputError } from '../../platform/system';
import { placed, type Reading, readDocument } from '../document/read';
import { readRules } from '../rules/read';
import { isError, type Problem, type Source } from '../source/diagnostics';
import type { Parsed } from '../source/tree';
import { checkState } from '../table/check';

export const stateFormats = ['rules', 'json', 'yaml', 'keepalived', 'ldirectord'] as const;
export type StateFormat = (typeof stateFormats)[number];

export function isImportedFormat(format: StateFormat): boolean {
  return format === 'keepalived' || format === 'ldirectord';
}

/** The largest files that are read, in bytes: tables of some 400,000 real servers. */
const mostBytes: Readonly<Record<StateFormat, number>> = {
  rules: 64e6,
  json: 64e6,
  yaml: 64e6,
  keepalived: 64e6,
  ldirectord: 64e6,
};

export interface ReadOptions {
  readonly format?: StateFormat | undefined;
  /**
   * Whether rules are a complete state, as for apply; else they may change entries that they do not
   * add.
   */
  readonly complete: boolean;
  /** Of keepalived: the configuration id (`@` lines). */
  readonly configId?: string | undefined;
}

/** A state that was read, with its source. */
export interface ReadState extends Reading {
  readonly source: Source;
  readonly format: StateFormat;
  /** Whether the state can be used: there are no errors. */
  readonly good: boolean;
}

/**
 * Reads and checks a file, or standard input for '-'. Files that cannot be read are reported as a
 * problem too.
 */
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
  const text = unicodeFromBytes(bytes).replace(/^\ufeff/, '');
  const format = options.format ?? formatOfName(file) ?? formatOfText(text);
  const bad = badText(text, mostBytes[format]);
  if (bad) return unreadable(name, text, bad);
  const reading =
    format === 'rules'
      ? await readRules(text, context, options.complete)
      : readDocument(await withNames(() => parsers[format](text, context, options)));
  const problems = [...reading.problems, ...placed(checkState(reading.state), reading.places)];
  const good = !problems.some(isError);
  return { ...reading, problems, source: { name, text }, format, good };
}

/** The parsers, each loaded when it is needed. */
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
  return { source, format: 'rules', state: {}, problems: [problem], places: () => [], good: false };
}

/** The bytes as text, or the problem when the file cannot be read or has more than `most` bytes. */
function readAll(file: string, system: InteractiveSystem, most: number): string | Problem {
  let failure = 0;
  const failed = (errno: number) => {
    failure = errno;
  };
  const blocks = file === '-' ? inputBlocks(system, failed) : system.fileBlocks(file, failed);
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

function* inputBlocks(
  system: InteractiveSystem,
  failed: (errno: number) => void,
): Generator<Uint8Array, void> {
  try {
    for (let block = system.readInput(); block.length > 0; block = system.readInput()) yield block;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    failed(error.errno);
  }
}

function tooLarge(most: number): Problem {
  return { message: `is larger than ${most / 1e6} MB`, severity: 'error' };
}

/** The problem of a text that is in none of the formats. */
function badText(text: string, most: number): Problem | undefined {
  if (text.length > most) return tooLarge(most);
  if (text.trim() === '') return { message: 'is empty', severity: 'error' };
  const at = text.search(/\0|[\udc80-\udcff]/u);
  if (at < 0) return undefined;
  const message = text[at] === '\0' ? 'NUL byte: the file is binary' : 'invalid byte: the file is not UTF-8';
  return { span: { offset: at, length: 1 }, message, severity: 'error' };
}

/** The format that a file's name stands for, in reading and in writing. */
export function formatOfName(file: string): StateFormat | undefined {
  if (/\.json$/i.test(file)) return 'json';
  if (/keepalived[^/]*\.conf$/i.test(file)) return 'keepalived';
  if (/\.cf$/i.test(file)) return 'ldirectord';
  if (/\.rules$/i.test(file)) return 'rules';
  return /\.ya?ml$/i.test(file) ? 'yaml' : undefined;
}

/** Guesses the format from the first line that is neither empty nor a comment. */
function formatOfText(text: string): StateFormat {
  const line = firstLine(text);
  if (/^\s*[{[]/.test(line)) return 'json';
  if (/^\s*(!|(global_defs|virtual_server(_group)?|vrrp_\w+)\b)/.test(line)) return 'keepalived';
  if (/^[a-z0-9]+\s*=/.test(line)) return 'ldirectord';
  return /^\s*(---|%YAML|["']?\w+["']?\s*:(\s|$))/.test(line) ? 'yaml' : 'rules';
}

function firstLine(text: string): string {
  const content = /\S/g;
  for (let at = 0; at < text.length; ) {
    content.lastIndex = at;
    const from = content.exec(text)?.index ?? text.length;
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    if (text[from] !== '#') return text.slice(text.lastIndexOf('\n', from) + 1, end);
    at = end + 1;
  }
  return '';
}

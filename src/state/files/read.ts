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
import { includerFor } from './include';

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
  const whole = unicodeFromBytes(bytes);
  const given = textOf(whole, file, options);
  const { text, format, problem } = given;
  if (problem) return unreadable(name, text, problem);
  if (format !== 'rules')
    return await withNames(() => readParsed(given, name, { context, options, file, system }));
  return checked(await readRules(text, context, options.complete), given, name, { file, options });
}

/**
 * Reads and checks the text of a state document or of an imported format, but not of rules.
 * @param file its name: a format may include files that lie beside it.
 * @throws NameNeeded for names that have not been looked up yet.
 */
export function readStateText(
  whole: string,
  file: string,
  system: InteractiveSystem,
  context: ParseContext,
  options: Omit<ReadOptions, 'complete'>,
): ReadState {
  const name = unicodeFromBytes(file);
  const given = textOf(whole, file, options);
  const { text, format, problem } = given;
  if (problem) return unreadable(name, text, problem);
  if (format === 'rules') return unreadable(name, text, { message: NO_RULES, severity: 'error' });
  return readParsed(given, name, { context, options: { ...options, complete: true }, file, system });
}

const NO_RULES = 'is read as rules: a state document, keepalived.conf or ldirectord.cf is needed';

interface GivenText {
  readonly text: string;
  readonly format: StateFormat;
  /** Why it cannot be in that format. */
  readonly problem?: Problem | undefined;
}

function textOf(whole: string, file: string, options: Pick<ReadOptions, 'format'>): GivenText {
  const unmarked = whole.replace(/^\ufeff/, '');
  const format = options.format ?? formatOfName(file) ?? formatOfText(unmarked);
  // ldirectord refuses a byte order mark, and keepalived takes it for a part of the first word.
  const text = isImportedFormat(format) ? whole : unmarked;
  return { text, format, problem: badText(text, format) };
}

function readParsed({ text, format, ...given }: GivenText, name: string, reader: Reader): ReadState {
  const parsed = parsers[format as Exclude<StateFormat, 'rules'>](text, reader);
  return checked(readDocument(parsed), { text, format, ...given }, name, reader, parsed);
}

function checked(
  reading: Reading,
  { text, format }: GivenText,
  name: string,
  { file, options }: Pick<Reader, 'file' | 'options'>,
  parsed?: Parsed,
): ReadState {
  const found = [...reading.problems, ...placed(checkState(reading.state), reading.places)];
  const good = !found.some(isError);
  const guessed = options.format === undefined && formatOfName(file) === undefined && !looksLikeRules(text);
  const problems = guessed && format === 'rules' ? withFormatHint(found) : found;
  return { ...reading, problems, source: { name, text, ...parsed?.source }, format, good };
}

/** A file that looks like no format is read as rules, perhaps wrongly: the first error says so. */
function withFormatHint(problems: readonly Problem[]): readonly Problem[] {
  const first = problems.find(isError);
  if (!first) return problems;
  const others = stateFormats.filter((format) => format !== 'rules').join(' | ');
  const own = `the file is read as rules: --format ${others} reads it as another format`;
  const hint = first.hint === undefined ? own : `${first.hint}; ${own}`;
  return problems.map((problem) => (problem === first ? { ...problem, hint } : problem));
}

interface Reader {
  readonly context: ParseContext;
  readonly options: ReadOptions;
  readonly file: string;
  readonly system: InteractiveSystem;
}

/** The parsers, each loaded when it is needed. */
const parsers: Readonly<Record<Exclude<StateFormat, 'rules'>, (text: string, reader: Reader) => Parsed>> = {
  json: (text) => (require('../source/parse-json') as typeof import('../source/parse-json')).parseJson(text),
  yaml: (text) => (require('../source/parse-yaml') as typeof import('../source/parse-yaml')).parseYaml(text),
  keepalived: (text, { options, file, system }) =>
    (require('../keepalived/read') as typeof import('../keepalived/read')).parseKeepalived(text, {
      configId: options.configId ?? hostName(system),
      includer: includerFor(file, system, mostBytes.keepalived),
    }),
  ldirectord: (text, { context }) =>
    (require('../ldirectord/read') as typeof import('../ldirectord/read')).parseLdirectord(
      text,
      context.names,
    ),
};

/** The config ID of keepalived that none is given to: the host name up to the first dot. */
function hostName(system: InteractiveSystem): string | undefined {
  return system.readFile('/proc/sys/kernel/hostname')?.replace(/[.\n][\s\S]*$/, '');
}

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

/** Formats whose programs take any bytes, in comments and in names. */
const takesBytes: ReadonlySet<StateFormat> = new Set(['rules', 'keepalived', 'ldirectord']);

/** The problem of a text that cannot be in the format. */
function badText(text: string, format: StateFormat): Problem | undefined {
  const most = mostBytes[format];
  if (text.length > most) return tooLarge(most);
  if (/^[ \t\n\v\f\r\ufeff]*$/.test(text)) return { message: 'is empty', severity: 'error' };
  const at = text.search(takesBytes.has(format) ? /\0/ : /\0|[\udc80-\udcff]/u);
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

/** What begins a line of keepalived.conf and of no other format. */
const keepalivedLine =
  /^(!|\$[A-Za-z_]\w*=|@\^?[^ \t]+[ \t]|~(SEQ|LST)|include[rmwba]?[ \t]|(global_defs|virtual_server(_group)?|vrrp_\w+|static_\w+|bfd_instance|garp_group|track_(file|group)|interface_up_down_delays|linkbeat_\w+|SSL|net_namespace(_ipvs)?|instance|use_pid_dir|namespace_with_ipsets|child_wait_time)(?![\w-]|[ \t]*[=:]))/;

/** Guesses the format from the first line that is neither empty nor a comment. */
function formatOfText(text: string): StateFormat {
  const line = firstLine(text);
  const words = line.replace(/^[ \t]+/, '');
  if (/^[{[]/.test(words)) return 'json';
  if (keepalivedLine.test(words)) return 'keepalived';
  if (/^([a-z0-9]+[ \t]*=|supervised[ \t\r]*$)/.test(words)) return 'ldirectord';
  return /^(---|%YAML|["']?\w+["']?[ \t]*:([ \t\r]|$))/.test(words) ? 'yaml' : 'rules';
}

function looksLikeRules(text: string): boolean {
  return /^[ \t]*(-|ipvsadm[ \t])/.test(firstLine(text));
}

/** The first line that is neither empty nor a comment. */
function firstLine(text: string): string {
  const content = /[^ \t\r\n]/g;
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

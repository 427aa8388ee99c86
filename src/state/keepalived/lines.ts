/**
 * The lines of a keepalived.conf as its blocks see them: definitions ($NAME=VALUE), conditions
 * (@CONFIG_ID), repeated lines (~SEQ, ~LST) and includes are carried out, and each brace is a line of
 * its own. keepalived.conf(5), "Advanced configuration"; parser.c, read_line.
 */
import type { Diagnostics } from '../source/collect';
import { afterBlanks, beforeBlanks, uncommented } from './comments';
import {
  type Definition,
  type Definitions,
  define,
  MAX_LINE,
  type Pending,
  type Replaced,
  replaceUses,
} from './definitions';
import { type Assignment, parseSequence } from './sequences';
import type { Sources } from './sources';
import { replacement, slice, spanOf, type Text } from './text';

export interface Lines {
  /** The next line that is not empty; undefined at the end. */
  next(): Text | undefined;
}

/** How many characters all expansions together may produce. */
const MAX_CHARACTERS = 32e6;

/** How many lines may expand to more than keepalived's buffer holds. */
const MAX_TOO_LONG = 100;

interface Repetition {
  readonly text: Text;
  readonly values: Iterator<readonly Assignment[], void>;
  upcoming: readonly Assignment[];
}

interface Nested {
  readonly pending: Pending;
  readonly depth: number;
}

/**
 * @param configId the --config-id whose conditional lines apply; undefined: not known.
 */
export function readLines(sources: Sources, diagnostics: Diagnostics, configId: string | undefined): Lines {
  const definitions: Definitions = new Map([
    ['_HASH', { value: '#', multiline: false }],
    ['_BANG', { value: '!', multiline: false }],
  ]);
  if (configId !== undefined) definitions.set('_INSTANCE', { value: configId, multiline: false });
  /** What follows a brace. */
  let residue: Text | undefined;
  const repetitions: Repetition[] = [];
  /** Lines of a definition that are read next, and those that they interrupt. */
  let pending: Pending | undefined;
  const interrupted: Nested[] = [];
  /** Repetitions that began before the lines of the definition are read after them. */
  let depth = 0;
  /** The definition that the present line continues. */
  let continued: Definition | undefined;
  let expanded = 0;

  return { next };

  function next(): Text | undefined {
    for (;;) {
      const raw = nextRaw();
      if (!raw) return undefined;
      if (continued) {
        continueDefinition(continued, raw);
        continue;
      }
      if (raw.text === '') continue;
      const line = isPlain(raw.text) ? raw : carriedOut(raw);
      if (!line || line.text === '' || includes(line)) continue;
      return untilBrace(line);
    }
  }

  function nextRaw(): Text | undefined {
    if (residue) {
      const line = residue;
      residue = undefined;
      return line;
    }
    if (repetitions.length > depth) return counted(nextRepetition());
    if (pending) return counted(nextPending(pending));
    return sources.next();
  }

  /** Stops everything when expansions have no end. */
  function counted(line: Text): Text {
    expanded += line.text.length + 1;
    if (expanded <= MAX_CHARACTERS) return line;
    return stopped(line, `definitions expand to more than ${MAX_CHARACTERS} characters`);
  }

  function stopped(line: Text, message: string, hint?: string): Text {
    diagnostics.error(spanOf(line), message, hint);
    sources.stop();
    repetitions.splice(0);
    interrupted.splice(0);
    pending = undefined;
    depth = 0;
    return slice(line, 0, 0);
  }

  function nextRepetition(): Text {
    const repetition = repetitions.at(-1)!;
    for (const [name, value] of repetition.upcoming) {
      const { multiline = false } = definitions.get(name) ?? {};
      definitions.set(name, { value, multiline });
    }
    const { value: upcoming } = repetition.values.next();
    if (upcoming) repetition.upcoming = upcoming;
    else repetitions.pop();
    return repetition.text;
  }

  function nextPending({ definition, at, use }: Pending): Text {
    const { value } = definition;
    const newline = value.indexOf('\n', at);
    if (newline >= 0) pending = { definition, at: newline + 1, use };
    else {
      const outer = interrupted.pop();
      pending = outer?.pending;
      depth = outer?.depth ?? 0;
    }
    return replacement(value.slice(at, newline < 0 ? undefined : newline), spanOf(use));
  }

  function continueDefinition(definition: Definition, { text }: Text): void {
    const more = text.endsWith('\\');
    if (!more) {
      continued = undefined;
      if (definition.value === '') definition.multiline = false;
    }
    const line = more ? text.slice(0, beforeBlanks(text, 0, text.length - 1)) : text;
    if (line !== '') definition.value += more ? `${line}\n` : line;
  }

  /** A line after conditions, definitions and sequences; undefined if nothing of it is left. */
  function carriedOut(whole: Text): Text | undefined {
    let line = whole;
    for (let rounds = 0; ; rounds++) {
      if (line.text.startsWith('@')) {
        const rest = conditional(line);
        if (!rest) return undefined;
        line = rest;
      }
      const definition = define(line.text, definitions);
      if (definition) {
        if (definition.multiline) continued = definition;
        return undefined;
      }
      if (/^~(SEQ|LST)/.test(line.text)) {
        repeat(line);
        return undefined;
      }
      if (line.text.startsWith('~') || !line.text.includes('$')) return line;
      const replaced = replaceUses(line, definitions);
      if (replaced.unknown) {
        const { name, use } = replaced.unknown;
        diagnostics.error(spanOf(use), `the value of '${name}' is known to keepalived only`);
        return undefined;
      }
      if (replaced.problem === 'endless' || rounds > MAX_ROUNDS) return endless(line);
      if (replaced.problem === 'too long') return tooLong(replaced);
      if (!replaced.changed) return line;
      enter(replaced.pending);
      line = uncommented(counted(replaced.line), diagnostics);
      if (!line.text.startsWith('@') && !line.text.includes('$')) return line;
    }
  }

  function endless(line: Text): Text {
    const message = `definitions are nested more than ${MAX_ROUNDS} deep`;
    return stopped(line, message, 'do they refer to each other?');
  }

  function tooLong({ line }: Replaced): Text {
    // What is left is expanded again after each of its braces: that can double with each definition.
    expanded += MAX_CHARACTERS / MAX_TOO_LONG;
    if (expanded > MAX_CHARACTERS) return counted(line);
    diagnostics.warn(
      spanOf(line),
      `definitions expand to more than ${MAX_LINE} bytes: keepalived leaves the rest of the line as it is`,
    );
    return line;
  }

  function enter(found: readonly Pending[]): void {
    for (const one of found) {
      if (pending) interrupted.push({ pending, depth });
      pending = one;
      depth = repetitions.length;
      if (interrupted.length > MAX_ROUNDS) endless(one.use);
    }
  }

  /** Returns the rest of a conditional line; undefined if it does not apply to this config ID. */
  function conditional(line: Text): Text | undefined {
    const [mark, not, id] = /^@(\^?)([^ \t]*)/.exec(line.text)!;
    if (mark.length === line.text.length) return undefined;
    if (configId === undefined) {
      diagnostics.error(
        spanOf(line, 0, mark.length),
        `this line applies ${not ? 'unless' : 'only if'} the config ID is '${id}'`,
        '--config-id NAME selects the lines of one config ID',
      );
      return undefined;
    }
    return (id === configId) === (not === '') ? slice(line, afterBlanks(line.text, mark.length)) : undefined;
  }

  function repeat(line: Text): void {
    const sequence = parseSequence(
      line.text,
      (text) => replaceUses({ text, offset: 0 }, definitions).line.text,
    );
    const first = sequence?.values.next().value;
    if (sequence && first) {
      repetitions.push({ text: slice(line, sequence.end), values: sequence.values, upcoming: first });
      return;
    }
    diagnostics.warn(
      spanOf(line),
      'invalid sequence: keepalived ignores it',
      '~SEQ(NAME, FIRST, STEP, LAST) or ~LST(NAME, VALUE, ...)',
    );
  }

  /** Whether a line is an include, which is then carried out. */
  function includes(line: Text): boolean {
    const [head, kind] = /^(include[rmwba]?)[ \t\n\v\f\r][ \t]*/.exec(line.text) ?? [];
    if (kind === undefined) return false;
    sources.include(line.text.slice(head!.length), kind, spanOf(line));
    return true;
  }

  /** The part of a line before its first brace outside double quotes, or the brace. */
  function untilBrace(line: Text): Text {
    const { text } = line;
    const brace = braceAt(text);
    if (brace === undefined) return line;
    const end = brace === 0 ? 1 : brace;
    const rest = brace === 0 ? afterBlanks(text, 1) : brace;
    const last = beforeBlanks(text, rest, text.length);
    if (rest < last) residue = slice(line, rest, last);
    return slice(line, 0, beforeBlanks(text, 0, end));
  }
}

const MAX_ROUNDS = 200;

/** Whether a line needs no more than to be split at braces. */
function isPlain(text: string): boolean {
  const first = text.charCodeAt(0);
  return first !== AT && first !== TILDE && !text.includes('$');
}

const AT = 0x40;
const TILDE = 0x7e;

function braceAt(text: string): number | undefined {
  const at = text.search(/[{}"]/);
  if (at < 0) return undefined;
  if (text[at] !== '"') return at;
  const match = /^(?:[^{}"]|"[^"]*")*[{}]/.exec(text);
  return match ? match[0].length - 1 : undefined;
}

/** Definitions of keepalived.conf(5), $NAME=VALUE, and their uses $NAME and ${NAME}. */
import { afterBlanks, isBlank } from './comments';
import { concat, replacement, slice, spanOf, type Text } from './text';

export interface Definition {
  value: string;
  /** Whether it continues on further lines: it is then used at the end of a line only. */
  multiline: boolean;
}

export type Definitions = Map<string, Definition>;

/** Where the following lines of a definition of several lines are read from. */
export interface Pending {
  readonly definition: Definition;
  readonly at: number;
  /** The name that they replace. */
  readonly use: Text;
}

/** A longer line would not fit into keepalived's buffer (MAXBUF, with its NUL). */
export const MAX_LINE = 1023;

/** Definitions that refer to each other would never end. */
const MAX_USES = 200;

/** Returns the definition that a line makes; undefined if it makes none. */
export function define(text: string, definitions: Definitions): Definition | undefined {
  const [head, name] = /^\$([A-Za-z_][A-Za-z0-9_]*)=/.exec(text) ?? [];
  if (name === undefined) return undefined;
  const start = afterBlanks(text, head!.length);
  const multiline = text.length > start && text.endsWith('\\');
  let value = text.slice(start);
  if (multiline) {
    value = value.slice(0, -1);
    while (isBlank(value.at(-1))) value = value.slice(0, -1);
    if (value !== '') value += '\n';
  }
  return setDefinition(definitions, name, value, multiline);
}

function setDefinition(
  definitions: Definitions,
  name: string,
  value: string,
  multiline: boolean,
): Definition {
  const definition = { value, multiline };
  definitions.set(name, definition);
  return definition;
}

export interface Replaced {
  readonly line: Text;
  /** Uses of definitions of several lines, in the order in which they were found. */
  readonly pending: readonly Pending[];
  readonly changed: boolean;
  readonly problem?: 'too long' | 'endless' | undefined;
  /** The name of a built-in definition whose value is not known. */
  readonly unknown?: { readonly name: string; readonly use: Text } | undefined;
}

/** Replaces all uses of definitions in a line. */
export function replaceUses(whole: Text, definitions: Definitions): Replaced {
  let line = whole;
  let changed = false;
  let uses = 0;
  const pending: Pending[] = [];
  for (let at = line.text.indexOf('$'); at >= 0; at = line.text.indexOf('$', at)) {
    const use = useAt(line.text, at);
    const unknown = use && unknownName(use.name, definitions);
    if (unknown)
      return { line, pending, changed, unknown: { name: use.name, use: slice(line, at, use.end) } };
    const definition = use && definitions.get(use.name);
    if (!definition || (definition.multiline && use.end < line.text.length)) {
      at += 1;
      continue;
    }
    if (++uses > MAX_USES) return { line, pending, changed, problem: 'endless' };
    const newline = definition.multiline ? definition.value.indexOf('\n') : -1;
    const value = newline < 0 ? definition.value : definition.value.slice(0, newline);
    const name = slice(line, at, use.end);
    if (line.text.length - name.text.length + value.length > MAX_LINE)
      return { line, pending, changed, problem: 'too long' };
    changed = true;
    if (definition.multiline) {
      const next = newline < 0 ? definition.value.length : newline + 1;
      pending.push({ definition: { ...definition }, at: next, use: name });
    }
    line = concat(slice(line, 0, at), replacement(value, spanOf(name)), slice(line, use.end));
    if (value[afterBlanks(value)] === '~') break;
  }
  return { line, pending, changed };
}

interface Use {
  readonly name: string;
  readonly end: number;
}

function useAt(text: string, at: number): Use | undefined {
  const pattern =
    /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)( *[0-9][0-9 ]*(?<! ))?\}|([A-Za-z_][A-Za-z0-9_]*)(?=[ \t,)]|$))/y;
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (!match || (match[2] !== undefined && match[1] !== '_RANDOM')) return undefined;
  return { name: (match[1] ?? match[3])!, end: at + match[0].length };
}

/** Whether a name is one of keepalived's own and its value is known to the running program only. */
function unknownName(name: string, definitions: Definitions): boolean {
  return (name === '_PWD' || name === '_RANDOM') && !definitions.has(name);
}

/** Changes single values of a state document's text, and leaves comments and order. A separate bundle. */
import { applyEdits, modify, parse as parseJsonc } from 'jsonc-parser';
import { type Document, isCollection, isMap, isSeq, parse, parseDocument } from 'yaml';
import { readPlainYaml } from '../source/read-plain-yaml';
import { ValueSink } from '../source/sink';

/** A value to set, or without `value` to take away. */
export interface TextEdit {
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

type Format = 'json' | 'yaml';

/** How deep a path may lead. */
const MAX_DEPTH = 32;
/** Values and characters of a text with its aliases expanded: JSON has each as often as it is named. */
const MAX_EXPANDED = 64 * 1024 * 1024;
const formattingOptions = { insertSpaces: true, tabSize: 2 };

/** @throws Error in words: a path that leads nowhere. */
export function editText(text: string, format: Format, edits: readonly TextEdit[]): string {
  for (const { path } of edits)
    if (path.length === 0 || path.length > MAX_DEPTH)
      throw new Error(`a path of ${path.length} steps leads nowhere`);
  if (edits.length === 0) return text;
  return format === 'json' ? editJson(text, edits) : editYaml(text, edits);
}

/** What is in a text; undefined if it cannot be parsed, or its aliases expand to too much. */
export function valueOfText(text: string, format: Format): unknown {
  try {
    if (format === 'json') return parseJsonc(text);
    const value = valueOfYaml(text);
    return expandsTo(value) > MAX_EXPANDED ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The size of a value that is written whole; Infinity for one that contains itself. */
function expandsTo(value: unknown, known = new Map<object, number>()): number {
  if (typeof value === 'string') return value.length + 1;
  if (typeof value !== 'object' || value === null) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  known.set(value, Number.POSITIVE_INFINITY);
  let size = 1;
  for (const [name, one] of Object.entries(value)) size += name.length + expandsTo(one, known);
  known.set(value, size);
  return size;
}

/** Most documents are plain, and those are read many times faster. */
function valueOfYaml(text: string): unknown {
  const sink = new ValueSink();
  // Aliases share what they name: thousands of one are usual, and what they expand to counts.
  return readPlainYaml(text, sink) ? sink.value : parse(text, { maxAliasCount: -1 });
}

function editJson(text: string, edits: readonly TextEdit[]): string {
  return edits.reduce((before, { path, value }) => {
    try {
      return applyEdits(before, modify(before, [...path], value, { formattingOptions }));
    } catch {
      throw new Error(`${path.join('.')}: the document has no such place`);
    }
  }, text);
}

function editYaml(text: string, edits: readonly TextEdit[]): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new Error('the text is no YAML: mend it first');
  for (const { path, value } of edits) {
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    if (!isCollection(parent) && value !== undefined && path.length > 1 && parent !== undefined)
      throw new Error(`${path.join('.')}: the document has no such place`);
    if (value !== undefined && path.some((step, at) => leavesGap(document, path.slice(0, at), step)))
      throw new Error(`${path.join('.')}: the number is beyond the end of its list`);
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/** A list would be filled with nothing up to a number behind its end: so would the memory. */
function leavesGap(document: Document, before: TextEdit['path'], step: string | number): boolean {
  const parent = before.length === 0 ? document.contents : document.getIn(before, true);
  if (isMap(parent)) return false;
  return Number(step) > (isSeq(parent) ? parent.items.length : 0);
}

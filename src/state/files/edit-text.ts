/** Changes single values of a state document's text, and leaves comments and order. A separate bundle. */
import { applyEdits, modify, parse as parseJsonc } from 'jsonc-parser';
import { isCollection, parse, parseDocument } from 'yaml';

/** A value to set, or without `value` to take away. */
export interface TextEdit {
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

type Format = 'json' | 'yaml';

/** How deep a path may lead. */
const MAX_DEPTH = 32;
const formattingOptions = { insertSpaces: true, tabSize: 2 };

/** @throws Error in words: a path that leads nowhere. */
export function editText(text: string, format: Format, edits: readonly TextEdit[]): string {
  for (const { path } of edits)
    if (path.length === 0 || path.length > MAX_DEPTH)
      throw new Error(`a path of ${path.length} steps leads nowhere`);
  if (edits.length === 0) return text;
  return format === 'json' ? editJson(text, edits) : editYaml(text, edits);
}

/** What is in a text; undefined if it cannot be parsed. */
export function valueOfText(text: string, format: Format): unknown {
  try {
    return format === 'json' ? parseJsonc(text) : parse(text, { maxAliasCount: 100 });
  } catch {
    return undefined;
  }
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
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/** The result of parsing a text: values with their places. */
import type { Problem, Source, Span } from './diagnostics';

export interface SourceNode {
  readonly span: Span;
  readonly kind: 'object' | 'list' | 'scalar';
  /** Of a scalar. */
  readonly value?: unknown;
  /** Of an object; a duplicate name is a problem of the text. */
  readonly fields?: ReadonlyMap<string, { readonly name: Span; readonly node: SourceNode }>;
  /** Of a list. */
  readonly items?: readonly SourceNode[];
}

/** A parsed text; without `root` it could not be parsed. */
export interface Parsed {
  readonly root?: SourceNode;
  readonly problems: readonly Problem[];
  /** If the text includes files: all texts, in which the places of problems are. */
  readonly source?: Omit<Source, 'name'> | undefined;
}

/** Keys and indexes that lead to a part of a document. */
export type Path = readonly (string | number)[];

/** The deepest nesting of objects and lists that is read: a state document needs five levels. */
export const MAX_DEPTH = 32;

export const TOO_DEEP = `objects and lists are nested more than ${MAX_DEPTH} levels deep`;

/** Returns the plain value of a tree; its objects have no prototype. */
export function plainValue({ kind, value, fields, items }: SourceNode): unknown {
  if (kind === 'list') return items!.map(plainValue);
  if (kind === 'scalar') return value;
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, { node }] of fields!) object[name] = plainValue(node);
  return object;
}

/**
 * Returns the place of the part at `path`, or of the innermost object around it when it is missing.
 */
export function spanAt(root: SourceNode, path: Path, part: 'name' | 'value' = 'value'): Span {
  let node = root;
  let span = root.span;
  for (const step of path) {
    const field = typeof step === 'string' ? node.fields?.get(step) : undefined;
    const next = field?.node ?? (typeof step === 'number' ? node.items?.[step] : undefined);
    if (!next) break;
    node = next;
    span = part === 'name' && field ? field.name : next.span;
  }
  return node.kind === 'scalar' ? span : part === 'name' ? span : { offset: span.offset, length: 1 };
}

/** Returns the offset of the bracket that exceeds `MAX_DEPTH`; brackets in quotes do not count. */
export function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (const match of text.matchAll(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[[\]{}]/g)) {
    const [token] = match;
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MAX_DEPTH) return match.index;
  }
  return undefined;
}

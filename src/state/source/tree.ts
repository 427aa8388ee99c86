/** The result of parsing a text: values with their places. */
import type { Problem, Source, Span } from './diagnostics';

/** Keys and indexes that lead to a part of a document. */
export type Path = readonly (string | number)[];

/** A value with its place, as the readers of imported formats build them. */
export interface SourceNode {
  readonly span: Span;
  readonly kind: 'object' | 'list' | 'scalar';
  /** Of a scalar. */
  readonly value?: unknown;
  /** Of an object; those that are undefined are not there. */
  readonly fields?: Readonly<Record<string, SourceNode | undefined>>;
  /** Of a list. */
  readonly items?: readonly SourceNode[];
}

/** A path to a part of a document, and whether the name or the value of that part is meant. */
export interface Wanted {
  readonly path: Path;
  readonly part: 'name' | 'value';
}

/** A document whose places are computed when a problem has to be shown. */
export interface SourceDocument {
  /** Objects, lists and scalars; parts that are equal may be shared. */
  readonly value: unknown;
  /**
   * Returns the place of each part, or of the innermost part around it that exists. One call for
   * many parts costs as much as one for a single part.
   */
  readonly places: (wanted: readonly Wanted[]) => Span[];
}

/**
 * A parsed text: a document, or the tree of an imported format; without either, it could not be
 * parsed.
 */
export interface Parsed {
  readonly document?: SourceDocument;
  readonly root?: SourceNode;
  readonly problems: readonly Problem[];
  /** If the text includes files: all texts, in which the places of problems are. */
  readonly source?: Omit<Source, 'name'> | undefined;
}

/** The deepest nesting of objects and lists that is read: a state document needs five levels. */
export const MAX_DEPTH = 32;

export const TOO_DEEP = `objects and lists are nested more than ${MAX_DEPTH} levels deep`;

/**
 * The most values that a document may have, aliases expanded: those of a million real servers that
 * are described in eight fields.
 */
export const MAX_VALUES = 8_000_000;

export const TOO_MANY_VALUES = `the document has more than ${MAX_VALUES} values`;

/** Returns the document that a tree describes. */
export function documentOf(root: SourceNode): SourceDocument {
  return {
    value: plainValue(root, new Map()),
    places: (wanted) => wanted.map(({ path, part }) => spanAt(root, path, part)),
  };
}

/** @param lists the values of lists, which a reader may use for several services. */
function plainValue(node: SourceNode, lists: Map<SourceNode, unknown>): unknown {
  const { kind, value, fields, items } = node;
  if (kind === 'scalar') return value;
  if (kind === 'list') {
    const known = lists.get(node) ?? items!.map((item) => plainValue(item, lists));
    lists.set(node, known);
    return known;
  }
  const object: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(fields!)) if (inner) object[name] = plainValue(inner, lists);
  return object;
}

/**
 * Returns the place of the part at `path`, or of the innermost object around it when it is missing.
 * A name has the place of its value.
 */
function spanAt(root: SourceNode, path: Path, part: Wanted['part']): Span {
  let node = root;
  for (const step of path) {
    const next = typeof step === 'string' ? fieldOf(node, step) : node.items?.[step];
    if (!next) break;
    node = next;
  }
  return node.kind === 'scalar' || part === 'name' ? node.span : { offset: node.span.offset, length: 1 };
}

function fieldOf({ fields }: SourceNode, name: string): SourceNode | undefined {
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

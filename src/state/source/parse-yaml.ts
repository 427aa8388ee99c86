/** Parses YAML 1.2 with the place of each value. A separate bundle. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type YAMLError,
} from 'yaml';
import type { Problem, Span } from './diagnostics';
import { MAX_DEPTH, type Parsed, type SourceNode, TOO_DEEP, tooDeep } from './tree';

/** Most nodes that may come from aliases, which can make a huge document of a small file. */
const MAX_FROM_ALIASES = 100_000;

export function parseYaml(text: string): Parsed {
  const deep = tooDeep(text);
  if (deep !== undefined) return failed({ offset: deep, length: 1 }, TOO_DEEP);
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    documents = parseAllDocuments(text, { prettyErrors: false, stringKeys: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed(undefined, TOO_DEEP); // the parser is recursive
  }
  const [document, second] = 'empty' in documents ? [] : documents;
  if (!document?.contents) return failed(undefined, 'the document is empty');
  const broken = [document, ...(second ? [second] : [])].flatMap(({ errors, warnings }) => [
    ...errors,
    ...warnings,
  ]);
  if (broken.length > 0) return { problems: broken.map(toProblem) };
  if (second) {
    const offset = second.range?.[0] ?? text.length;
    return failed({ offset, length: 1 }, 'a second document begins here: only one per file is allowed');
  }
  const state: Conversion = { document, problems: [], open: new Set(), fromAliases: 0 };
  const root = toNode(document.contents as Node, undefined, state);
  return { root, problems: state.problems };
}

function failed(span: Span | undefined, message: string): Parsed {
  return { problems: [{ span, message, severity: 'error' }] };
}

interface Conversion {
  readonly document: Document;
  readonly problems: Problem[];
  /** The nodes around the one that is being converted. */
  readonly open: Set<Node>;
  fromAliases: number;
}

/** @param alias the place of the alias that led to the node: its problems are reported there. */
function toNode(node: Node | null, alias: Span | undefined, state: Conversion): SourceNode {
  const span = alias ?? spanOf(node);
  const empty: SourceNode = { span, kind: 'scalar', value: null };
  if (alias) state.fromAliases += 1;
  if (state.fromAliases > MAX_FROM_ALIASES) {
    if (state.fromAliases === MAX_FROM_ALIASES + 1) {
      report(state, span, `the aliases expand to more than ${MAX_FROM_ALIASES} values`);
      state.fromAliases += 1;
    }
    return empty;
  }
  if (!node) return empty;
  if (isAlias(node)) {
    const target = node.resolve(state.document);
    if (target && !state.open.has(target)) return toNode(target, span, state);
    report(
      state,
      span,
      target ? `the alias *${node.source} refers to itself` : `there is no anchor &${node.source}`,
    );
    return empty;
  }
  if (isScalar(node)) return { span, kind: 'scalar', value: node.value };
  if (state.open.size >= MAX_DEPTH) {
    report(state, span, TOO_DEEP);
    return empty;
  }
  state.open.add(node);
  const converted = isSeq(node)
    ? { span, kind: 'list' as const, items: node.items.map((item) => toNode(item as Node, alias, state)) }
    : { span, kind: 'object' as const, fields: fieldsOf(node, alias, state) };
  state.open.delete(node);
  return converted;
}

function fieldsOf(node: Node, alias: Span | undefined, state: Conversion) {
  const fields = new Map<string, { name: Span; node: SourceNode }>();
  for (const { key, value } of isMap(node) ? node.items : []) {
    const name = alias ?? spanOf(key as Node);
    const text = isScalar(key) ? String(key.value) : String(key);
    fields.set(text, { name, node: toNode(value as Node | null, alias, state) });
  }
  return fields;
}

function report({ problems }: Conversion, span: Span, message: string): void {
  problems.push({ span, message, severity: 'error' });
}

function spanOf(node: Node | null): Span {
  const [from, to] = node?.range ?? [0, 0];
  return { offset: from, length: Math.max(1, to - from) };
}

/** Messages by the yaml package's error codes, where its own are not for users. */
const messages: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'duplicate field',
  // The parser catches its own stack overflow.
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAB_AS_INDENT: 'a tab cannot indent: use spaces',
};

function toProblem({ code, message, pos: [from, to] }: YAMLError): Problem {
  return {
    span: { offset: from, length: Math.max(1, to - from) },
    message: messages[code] ?? message.replace(/\s+/g, ' '),
    severity: 'error',
  };
}

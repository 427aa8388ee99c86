/** YAML 1.2 with positions. A bundle of its own. */
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
import { MAX_DEPTH, type Parsed, type SourceNode, tooDeep } from './tree';

/** Aliases can make a small file a huge document: this many nodes may come from them. */
const MAX_FROM_ALIASES = 100_000;

export function parseYaml(text: string): Parsed {
  const deep = tooDeep(text);
  if (deep !== undefined) return failed({ offset: deep, length: 1 }, tooDeepSentence);
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    documents = parseAllDocuments(text, { prettyErrors: false, stringKeys: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed(undefined, tooDeepSentence); // the parser calls itself for each level
  }
  const [document, second] = 'empty' in documents ? [] : documents;
  if (!document?.contents) return failed(undefined, 'there is nothing in it');
  const broken = [document, ...(second ? [second] : [])].flatMap(({ errors, warnings }) => [
    ...errors,
    ...warnings,
  ]);
  if (broken.length > 0) return { problems: broken.map(toProblem) };
  if (second) {
    const offset = second.range?.[0] ?? text.length;
    return failed({ offset, length: 1 }, 'a second document begins here: a file holds one');
  }
  const state: Conversion = { document, problems: [], open: new Set(), fromAliases: 0 };
  const root = toNode(document.contents as Node, undefined, state);
  return { root, problems: state.problems };
}

const tooDeepSentence = `objects and lists stand more than ${MAX_DEPTH} deep in each other`;

function failed(span: Span | undefined, message: string): Parsed {
  return { problems: [{ span, message, severity: 'error' }] };
}

interface Conversion {
  readonly document: Document;
  readonly problems: Problem[];
  /** The nodes that the present one stands in. */
  readonly open: Set<Node>;
  fromAliases: number;
}

/** @param alias where the alias stands by which the node was reached: problems with it are told there. */
function toNode(node: Node | null, alias: Span | undefined, state: Conversion): SourceNode {
  const span = alias ?? spanOf(node);
  const empty: SourceNode = { span, kind: 'scalar', value: null };
  if (alias) state.fromAliases += 1;
  if (state.fromAliases > MAX_FROM_ALIASES) {
    if (state.fromAliases === MAX_FROM_ALIASES + 1) {
      report(state, span, `the aliases stand for more than ${MAX_FROM_ALIASES} values`);
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
      target ? `the alias *${node.source} stands for itself` : `there is no anchor &${node.source}`,
    );
    return empty;
  }
  if (isScalar(node)) return { span, kind: 'scalar', value: node.value };
  if (state.open.size >= MAX_DEPTH) {
    report(state, span, tooDeepSentence);
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

/** By the yaml package's error codes, where its sentence is not for users. */
const sentences: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this field is there twice',
  TAB_AS_INDENT: 'a tab cannot indent: use spaces',
};

function toProblem({ code, message, pos: [from, to] }: YAMLError): Problem {
  return {
    span: { offset: from, length: Math.max(1, to - from) },
    // The composer turns its own exhaustion into a mistake of the document.
    message: /call stack/.test(message) ? tooDeepSentence : (sentences[code] ?? message.replace(/\s+/g, ' ')),
    severity: 'error',
  };
}

/** The values and places of a document that the yaml package parsed. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
} from 'yaml';
import type { Problem, Span } from './diagnostics';
import { ProblemList } from './problem-list';
import { Refused, setField } from './sink';
import { MAX_DEPTH, MAX_VALUES, TOO_DEEP, type Wanted } from './tree';

export class YamlTree {
  readonly #problems = new ProblemList<Problem>();
  /** The node that each alias stands for. */
  readonly #targets: ReadonlyMap<Alias, Node>;
  /** The values of the nodes with an anchor, and the number of values in each. */
  readonly #values = new Map<Node, { readonly value: unknown; readonly count: number }>();
  /** The nodes around the one that is being converted. */
  readonly #open = new Set<Node>();
  readonly #fields = new Map<Node, ReadonlyMap<string, Pair>>();
  readonly #root: Node;
  #count = 0;

  constructor(document: Document) {
    this.#root = document.contents as Node;
    this.#targets = targetsIn(document);
  }

  get problems(): readonly Problem[] {
    return this.#problems.problems;
  }

  /** @throws Refused for a document that is too large or too deep. */
  valueOf(node: Node | null): unknown {
    const before = this.#count;
    this.#add(1, node);
    if (!node) return null;
    if (isAlias(node)) return this.#valueOfAlias(node);
    const value = isScalar(node) ? node.value : this.#valueOfCollection(node);
    if ('anchor' in node && node.anchor) this.#values.set(node, { value, count: this.#count - before });
    return value;
  }

  places(wanted: readonly Wanted[]): Span[] {
    return wanted.map((one) => this.#placeOf(one));
  }

  #valueOfAlias(alias: Alias): unknown {
    const target = this.#targets.get(alias);
    const known = target && this.#values.get(target);
    if (known) {
      this.#add(known.count - 1, alias);
      return known.value;
    }
    const { source } = alias;
    const message = target ? `the alias *${source} refers to itself` : `there is no anchor &${source}`;
    this.#problems.add({ span: spanOf(alias), message, severity: 'error' });
    return null;
  }

  #valueOfCollection(node: Node): unknown {
    if (this.#open.size >= MAX_DEPTH) throw refusal(node, TOO_DEEP);
    this.#open.add(node);
    const value = isSeq(node)
      ? node.items.map((item) => this.valueOf(item as Node | null))
      : this.#objectOf(node);
    this.#open.delete(node);
    return value;
  }

  #objectOf(node: Node): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (const pair of isMap(node) ? node.items : []) {
      const name = nameOf(pair);
      const value = this.valueOf(pair.value as Node | null);
      if (!Object.hasOwn(object, name)) setField(object, name, value);
      else {
        const span = spanOf(pair.key as Node);
        this.#problems.add({ span, message: `duplicate field '${name}'`, severity: 'error' });
      }
    }
    return object;
  }

  #add(count: number, node: Node | null): void {
    this.#count += count;
    if (this.#count <= MAX_VALUES) return;
    throw refusal(
      node,
      isAlias(node)
        ? `the aliases expand to more than ${MAX_VALUES} values`
        : `the document has more than ${MAX_VALUES} values`,
    );
  }

  /** All of an alias has its place. */
  #placeOf({ path, part }: Wanted): Span {
    let node: Node | null = this.#root;
    let name: Node | undefined;
    for (const step of path) {
      const pair: Pair | undefined =
        typeof step === 'string' && isMap(node) ? this.#fieldsOf(node).get(step) : undefined;
      const next: unknown =
        pair?.value ?? (isSeq(node) && typeof step === 'number' ? node.items[step] : undefined);
      name = isNode(pair?.key) ? pair.key : undefined;
      if (pair && !isNode(next)) return spanOf(name ?? node);
      if (!isNode(next)) break;
      node = next;
    }
    if (part === 'name' && name) return spanOf(name);
    const span = spanOf(node);
    return isMap(node) || isSeq(node) ? { ...span, length: 1 } : span;
  }

  /** The first field with each name. */
  #fieldsOf(node: Node): ReadonlyMap<string, Pair> {
    const known = this.#fields.get(node);
    if (known) return known;
    const fields = new Map<string, Pair>();
    for (const pair of isMap(node) ? node.items : []) {
      const name = nameOf(pair);
      if (!fields.has(name)) fields.set(name, pair);
    }
    this.#fields.set(node, fields);
    return fields;
  }
}

/** An alias stands for the last node before it that has its anchor. */
function targetsIn(document: Document): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function refusal(node: Node | null, message: string): Refused {
  return new Refused({ span: spanOf(node), message, severity: 'error' });
}

function spanOf(node: Node | null): Span {
  const [from, to] = node?.range ?? [0, 0];
  return { offset: from, length: Math.max(1, to - from) };
}

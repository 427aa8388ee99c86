/** Makes source trees of formats that are no documents: each value stands where the words do that say it. */
import type { Span } from './diagnostics';
import type { SourceNode } from './tree';

/** A value, or what there is none of. */
export type MaybeNode = SourceNode | undefined;

export function scalarNode(value: unknown, span: Span): SourceNode {
  return { kind: 'scalar', value, span };
}

export function listNode(items: readonly SourceNode[], span: Span): SourceNode {
  return { kind: 'list', items, span };
}

/** @param fields those that are undefined are left out. */
export function objectNode(fields: Readonly<Record<string, MaybeNode>>, span: Span): SourceNode {
  const named = Object.entries(fields).flatMap(([name, node]) =>
    node ? [[name, { name: node.span, node }] as const] : [],
  );
  return { kind: 'object', fields: new Map(named), span };
}

/** A list, when it has items. */
export function someItems(items: readonly SourceNode[]): MaybeNode {
  return items[0] && listNode(items, items[0].span);
}

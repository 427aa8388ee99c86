/**
 * Builds source trees of imported formats: each value has the place of the words that it comes
 * from.
 */
import type { Span } from './diagnostics';
import type { SourceNode } from './tree';

export type MaybeNode = SourceNode | undefined;

export function scalarNode(value: unknown, span: Span): SourceNode {
  return { kind: 'scalar', value, span };
}

export function listNode(items: readonly SourceNode[], span: Span): SourceNode {
  return { kind: 'list', items, span };
}

/** @param fields undefined ones are left out. */
export function objectNode(fields: Readonly<Record<string, MaybeNode>>, span: Span): SourceNode {
  return { kind: 'object', fields, span };
}

/** Returns a list at the place of its first item; undefined when there are no items. */
export function someItems(items: readonly SourceNode[]): MaybeNode {
  return items[0] && listNode(items, items[0].span);
}

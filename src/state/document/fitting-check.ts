/** Checks of imported formats, whose programs take values that a check of ours cannot have. */
import { objectNode } from '../source/build-tree';
import type { Diagnostics } from '../source/collect';
import { documentOf, type SourceNode } from '../source/tree';
import { checkFields } from './check-fields';
import { checkType } from './check-type';
import { fits, valueFits } from './fits';

const kinds = new Map<string, (typeof checkFields)[number]['kind']>(
  checkFields.map(({ name, kind }) => [name, kind]),
);

/**
 * Returns a check without the fields that do not fit; undefined if it is none without them. Warns of
 * both.
 */
export function fittingCheck(check: SourceNode, diagnostics: Diagnostics): SourceNode | undefined {
  const plain = (node: SourceNode) => documentOf(node).value;
  if (fits(checkType, plain(check))) return check;
  const kept = Object.entries(check.fields!).filter(([name, node]) => {
    const kind = kinds.get(name);
    if (!node || !kind || valueFits(kind, plain(node))) return true;
    diagnostics.warn(node.span, `a check of ipvsadm cannot have this as '${name}': it is left out`);
    return false;
  });
  const rest = objectNode(Object.fromEntries(kept), check.span);
  if (fits(checkType, plain(rest))) return rest;
  diagnostics.warn(check.span, 'this check is left out: ipvsadm has none like it');
  return undefined;
}

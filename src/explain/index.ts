/** Why something was refused, and how to find out: what --explain and the word commands add to ipvsadm's sentence. */
import { errno } from '../errors/errno';
import type { Refused } from '../errors/refused';
import type { System } from '../platform/system';
import { type Cause, causesFor } from './causes';
import { type Facts, gatherFacts } from './facts';

export type { Refused } from '../errors/refused';

/** The explanation as lines, most likely causes first, each with the test that separates it from the others. */
export function explain(refused: Refused, system: Pick<System, 'readFile'>): string[] {
  const facts = gatherFacts(system);
  const heading = `ipvsadm: ${refused.operation} was refused with ${errnoName(refused.errno)}.`;
  const found = causesOf(refused, facts);
  if (found.length === 0) return [`${heading} What makes the kernel say that here is not known.`];
  return [
    `${heading} Why that can be:`,
    ...found.flatMap(({ cause, certain }) => [
      `  ${certain ? 'it is so: ' : 'possibly: '}${cause.describe(refused, facts)}`,
      `    test:  ${cause.test(refused, facts)}`,
      `    remedy: ${cause.remedy(refused, facts)}`,
    ]),
  ];
}

/** The causes that what is known does not rule out, the certain ones first. */
function causesOf(refused: Refused, facts: Facts): { cause: Cause; certain: boolean }[] {
  return causesFor(refused.operation, refused.errno)
    .map((cause) => ({ cause, applies: cause.applies(refused, facts) }))
    .filter(({ applies }) => applies !== false)
    .map(({ cause, applies }) => ({ cause, certain: applies === true }))
    .sort((a, b) => Number(b.certain) - Number(a.certain));
}

/** The name of an errno, or its number. */
function errnoName(code: number): string {
  const name = Object.entries(errno).find(([, value]) => value === code)?.[0];
  return name ? `${name} (${code})` : `errno ${code}`;
}

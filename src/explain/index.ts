/** Explains refusals: what --explain and the subcommands add to ipvsadm's message. */
import { errno } from '../errors/errno';
import type { Refused } from '../errors/refused';
import type { System } from '../platform/system';
import type { Cause } from './cause';
import { causesFor } from './causes';
import { type Facts, gatherFacts } from './facts';

export type { Refused } from '../errors/refused';

/**
 * The explanation as lines: the confirmed causes first, each with a test that distinguishes it from
 * the others.
 */
export function explain(refused: Refused, system: Pick<System, 'readFile'>): string[] {
  const facts = gatherFacts(system);
  const heading = `ipvsadm: ${refused.operation} was refused with ${errnoName(refused.errno)}.`;
  const found = causesOf(refused, facts);
  if (found.length === 0) return [`${heading} No known cause.`];
  return [
    `${heading} Causes:`,
    ...found.flatMap(({ cause, confirmed }) => [
      `  ${confirmed ? 'confirmed' : 'possible'}: ${cause.describe(refused, facts)}`,
      `    test:  ${cause.test(refused, facts)}`,
      `    remedy: ${cause.remedy(refused, facts)}`,
    ]),
  ];
}

/** The causes that the facts do not rule out, the confirmed ones first. */
function causesOf(refused: Refused, facts: Facts): { cause: Cause; confirmed: boolean }[] {
  return causesFor(refused.operation, refused.errno)
    .map((cause) => ({ cause, applies: cause.applies(refused, facts) }))
    .filter(({ applies }) => applies !== false)
    .map(({ cause, applies }) => ({ cause, confirmed: applies === true }))
    .sort((a, b) => Number(b.confirmed) - Number(a.confirmed));
}

/** The name of an errno, or its number. */
function errnoName(code: number): string {
  const name = Object.entries(errno).find(([, value]) => value === code)?.[0];
  return name ? `${name} (${code})` : `errno ${code}`;
}

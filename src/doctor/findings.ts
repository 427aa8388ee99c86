/** Everything that doctor finds: the tables, in the order of the output. */
import { addressFindings } from './address-findings';
import { checkPathFindings } from './check-path-findings';
import type { Facts } from './facts';
import { failoverFindings } from './failover-findings';
import type { Finding, FindingKind } from './finding';
import { kernelFindings } from './kernel-findings';
import { natFindings } from './nat-findings';
import { realServerFindings } from './realserver-findings';
import { realServerServicesFindings } from './realserver-services-findings';
import { serverFindings } from './server-findings';
import { tableFindings } from './table-findings';

export const findingKinds: readonly FindingKind[] = [
  ...addressFindings,
  ...tableFindings,
  ...serverFindings,
  ...natFindings,
  ...checkPathFindings,
  ...kernelFindings,
  ...failoverFindings,
  ...realServerFindings,
  ...realServerServicesFindings,
];

/** What is wrong, the certain findings first. */
export function diagnose(facts: Facts): Finding[] {
  const found = findingKinds.flatMap(({ find }) => find(facts));
  return [
    ...found.filter(({ certainty }) => certainty === 'certain'),
    ...found.filter(({ certainty }) => certainty === 'possible'),
  ];
}

/** The lines of a finding, and an empty one. */
export function findingLines({ id, certainty, what, how, effect, remedy }: Finding): string[] {
  return [
    `${certainty}: ${what} [${id}]`,
    `  seen by: ${how}`,
    `  effect:  ${effect}`,
    `  remedy:  ${remedy}`,
    '',
  ];
}

/** '3 findings: 2 certain, 1 possible' */
export function countLine(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'no findings';
  const certain = findings.filter(({ certainty }) => certainty === 'certain').length;
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`;
  return `${count}: ${certain} certain, ${findings.length - certain} possible`;
}

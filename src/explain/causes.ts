/** Why the kernel refuses requests: the tables behind --explain, one for each kind of operation. */
import type { Cause } from './cause';
import { connectCauses } from './connect-causes';
import { daemonCauses } from './daemon-causes';
import { serverCauses } from './server-causes';
import { serviceCauses } from './service-causes';
import { timeoutCauses } from './timeout-causes';

export const causes: readonly Cause[] = [
  ...connectCauses,
  ...serviceCauses,
  ...serverCauses,
  ...daemonCauses,
  ...timeoutCauses,
];

/** The causes that make an operation fail with an errno. */
export function causesFor(operation: string | undefined, code: number): Cause[] {
  return causes.filter((cause) => cause.errno.includes(code) && cause.of.some((name) => name === operation));
}

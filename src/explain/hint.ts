/** A one-sentence explanation of a refusal for programs that use the library. */
import { errno } from '../errors/errno';
import { causesFor } from './causes';
import { gatherFacts } from './facts';

/**
 * The usual cause of a refusal and its remedy, found without looking at the machine.
 * @returns '' if no cause is known.
 */
export function hintFor(operation: string | undefined, code: number): string {
  // Permission does not depend on the operation.
  const failed = code === errno.EPERM ? 'connect' : operation;
  // The cause that shares its errno with the fewest others is the most specific.
  const [cause] = causesFor(failed, code).sort((a, b) => a.errno.length - b.errno.length);
  if (!cause) return '';
  const refused = { operation: failed ?? '', errno: code };
  const facts = gatherFacts({ readFile: () => undefined });
  return `${cause.describe(refused, facts)}: ${cause.remedy(refused, facts)}`;
}

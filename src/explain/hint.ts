/** One sentence on a refusal for programs that use the library: the usual cause, and what helps. */
import { errno } from '../errors/errno';
import { causesFor } from './causes';
import { gatherFacts } from './facts';

/** The hint for what was asked and the errno of its refusal, without looking at the machine; '' where nothing is known. */
export function hintFor(operation: string | undefined, code: number): string {
  const asked = code === errno.EPERM ? 'connect' : operation; // whatever was asked, permission is the same
  // The cause that fewest other failures share says most.
  const [cause] = causesFor(asked, code).sort((a, b) => a.errno.length - b.errno.length);
  if (!cause) return '';
  const refused = { operation: asked ?? '', errno: code };
  const facts = gatherFacts({ readFile: () => undefined });
  return `${cause.describe(refused, facts)}: ${cause.remedy(refused, facts)}`;
}

import type { Globals } from '../../command-line/global-options';
import { runSubcommand } from '../../commands';
import { nodeInteractiveSystem } from './interactive-system';
import { nodeSystem } from './system';

/**
 * A command line in words on Node. It makes its System itself: bundles have copies of a class each, and the errors that
 * one of another bundle throws would not be known here.
 * @param args the arguments as bytes.
 */
export async function runOnNode(args: readonly string[], globals: Globals): Promise<number> {
  return await runSubcommand(nodeInteractiveSystem(nodeSystem(args)), globals);
}

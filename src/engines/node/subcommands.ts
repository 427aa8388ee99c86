import { runSubcommand } from '../../commands';
import { nodeInteractiveSystem } from './interactive-system';
import { nodeSystem } from './system';

/**
 * Runs a subcommand on Node. It makes a System of its own: each bundle has its own copy of the
 * error classes, and does not recognize errors that the System of another bundle throws.
 * @param args the arguments, one character a byte.
 * @returns the exit status.
 */
export async function runOnNode(args: readonly string[]): Promise<number> {
  return await runSubcommand(nodeInteractiveSystem(nodeSystem(args)));
}

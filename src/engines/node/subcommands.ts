import type { Globals } from '../../command-line/global-options';
import { runSubcommand } from '../../commands';
import { keeping } from '../../program/kept';
import { runClassic } from '../../program/program';
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

/**
 * Runs a classic command line or a wrapper on Node, and keeps the table before it. It writes and returns
 * the same, whatever becomes of that: no failure of the history is reported.
 * @returns the exit status.
 */
export async function runKeptOnNode(args: readonly string[], globals: Globals): Promise<number> {
  const system = nodeInteractiveSystem(nodeSystem(args));
  return await runClassic(system, globals, (client, work) => keeping({ system }, client, work, false));
}

import { visibly } from '../bytes/visible';
import { type Globals, mentionsGlobals, noGlobals, takeGlobals } from '../command-line/global-options';
import { isSubcommand } from '../command-line/subcommands';
import { enterNamespace } from '../operations/network-namespace';
import type { System } from '../platform/system';
import { main } from './classic';
import { reporting } from './report';
import { wrapperFor } from './wrappers';

/** Runs a subcommand. @returns the exit status. */
export type RunSubcommand = (system: System, globals: Globals) => Promise<number>;

/**
 * The program on any engine: a wrapper, if it was called by its name; otherwise handles the global
 * options, then the classic syntax or a subcommand.
 * @returns the exit status.
 */
export async function program(system: System, runSubcommand: RunSubcommand): Promise<number> {
  const wrapper = wrapperFor(system.programName);
  if (wrapper) return await wrapper(system);
  const start = (inner: System, globals: Globals) =>
    isSubcommand(inner.args) ? runSubcommand(inner, globals) : main(inner, globals);
  if (!mentionsGlobals(system.args)) return await start(system, noGlobals);
  return await reporting(
    system,
    noGlobals,
    async () => {
      const { globals, rest } = takeGlobals(system.args);
      const { netns, explain, progress } = globals;
      const innerArgs = [...(explain ? ['--explain'] : []), ...(progress ? ['--progress'] : []), ...rest];
      const status = netns === undefined ? undefined : enterNamespace(netns, innerArgs, system);
      return status ?? (await start({ ...system, args: rest }, globals));
    },
    visibly,
  );
}

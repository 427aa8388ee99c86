import { type Globals, mentionsGlobals, noGlobals, takeGlobals } from '../command-line/global-options';
import { isSubcommand } from '../command-line/subcommands';
import { enterNamespace } from '../operations/network-namespace';
import type { System } from '../platform/system';
import { main } from './classic';
import { reporting } from './report';

/** Carries out a command line in words. */
export type RunSubcommand = (system: System, globals: Globals) => Promise<number>;

/**
 * The whole program on any engine: first the options that every command takes, then ipvsadm's own spelling or
 * words. @returns the exit status.
 */
export async function program(system: System, runSubcommand: RunSubcommand): Promise<number> {
  const start = (inner: System, globals: Globals) =>
    isSubcommand(inner.args) ? runSubcommand(inner, globals) : main(inner, globals);
  if (!mentionsGlobals(system.args)) return await start(system, noGlobals);
  return await reporting(system, noGlobals, async () => {
    const { globals, rest } = takeGlobals(system.args);
    const { netns, explain, progress } = globals;
    const again = [...(explain ? ['--explain'] : []), ...(progress ? ['--progress'] : []), ...rest];
    const status = netns === undefined ? undefined : enterNamespace(netns, again, system);
    return status ?? (await start({ ...system, args: rest }, globals));
  });
}

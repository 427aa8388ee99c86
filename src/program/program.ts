import { type Globals, mentionsGlobals, noGlobals, takeGlobals } from '../command-line/global-options';
import { isWordCommand } from '../command-line/subcommand-words';
import { enterNamespace } from '../operations/network-namespace';
import type { System } from '../platform/system';
import { main, reporting } from './classic';

/** Carries out a command line in words. */
export type RunWords = (system: System, globals: Globals) => Promise<number>;

/**
 * The whole program on any engine: first the options that every command takes, then ipvsadm's own spelling or
 * words. @returns the exit status.
 */
export async function program(system: System, runWords: RunWords): Promise<number> {
  const start = (inner: System, globals: Globals) =>
    isWordCommand(inner.args) ? runWords(inner, globals) : main(inner, globals);
  if (!mentionsGlobals(system.args)) return await start(system, noGlobals);
  return await reporting(system, noGlobals, async () => {
    const { globals, rest } = takeGlobals(system.args);
    const { netns, explain, progress } = globals;
    const again = [...(explain ? ['--explain'] : []), ...(progress ? ['--progress'] : []), ...rest];
    const status = netns === undefined ? undefined : enterNamespace(netns, again, system);
    return status ?? (await start({ ...system, args: rest }, globals));
  });
}

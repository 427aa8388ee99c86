import { visibly } from '../bytes/visible';
import { type Globals, mentionsGlobals, noGlobals, takeGlobals } from '../command-line/global-options';
import { isSubcommand } from '../command-line/subcommands';
import { enterNamespace } from '../operations/network-namespace';
import type { System } from '../platform/system';
import { asksToKeep } from './asks-to-keep';
import { type Keep, main } from './classic';
import { reporting } from './report';
import { wrapperFor } from './wrappers';

/** Runs a subcommand. @returns the exit status. */
export type RunSubcommand = (system: System, globals: Globals) => Promise<number>;

/**
 * Runs `runClassic` with a `Keep`.
 * @returns the exit status; undefined: nothing has been done, because this engine cannot keep tables here.
 */
export type RunKept = (system: System, globals: Globals) => Promise<number | undefined>;

/**
 * The program on any engine: a wrapper, if it was called by its name; otherwise handles the global
 * options, then the classic syntax or a subcommand.
 * @returns the exit status.
 */
export async function program(
  system: System,
  runSubcommand: RunSubcommand,
  runKept?: RunKept,
): Promise<number> {
  const classic = async (inner: System, globals: Globals) =>
    (runKept && asksToKeep(inner) ? await runKept(inner, globals) : undefined) ??
    (await runClassic(inner, globals));
  if (wrapperFor(system.programName)) return await classic(system, noGlobals);
  const start = (inner: System, globals: Globals) =>
    isSubcommand(inner.args) ? runSubcommand(inner, globals) : classic(inner, globals);
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

/** A wrapper, or a command line in classic syntax. @returns the exit status. */
export async function runClassic(system: System, globals: Globals, keep?: Keep): Promise<number> {
  const wrapper = wrapperFor(system.programName);
  return wrapper ? await wrapper(system, keep) : await main(system, globals, { keep });
}

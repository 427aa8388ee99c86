/** Runs a subcommand. */
import type { Config } from '@oclif/core';
import { visibly } from '../bytes/visible';
import { type Globals, noGlobals } from '../command-line/global-options';
import { exitStatus } from '../errors/exit-status';
import { usageError } from '../errors/ipvsadm-error';
import type { InteractiveSystem } from '../platform/interactive-system';
import { Names } from '../platform/names';
import type { Output } from '../platform/output';
import { reporting } from '../program/report';
import type { CommandContext } from './support/base';
import { CommandLineError } from './support/command-line-error';
import { commands, type SubcommandClass } from './tree';

/** A subcommand that a command line names. */
interface NamedCommand {
  readonly command: SubcommandClass;
  /** Its name on the command line: 'list', 'service add'. */
  readonly name: string;
  /** The arguments after the name. */
  readonly rest: string[];
}

/** Runs the subcommand that the arguments name, or prints help on it. @returns the exit status. */
export async function runSubcommand(
  system: InteractiveSystem,
  globals: Globals = noGlobals,
): Promise<number> {
  const { args } = system;
  const named = findCommand(args);
  const explain = globals.explain || (named?.command.explains ?? false);
  return await reporting(
    system,
    { explain },
    async (output) => {
      if (!named) return await showHelp(args, output);
      if (args.some(asksForHelp)) return await showHelp(named.name.split(' '), output);
      const context: CommandContext = {
        system,
        output,
        names: new Names(system),
        explained: new Set(),
        commands,
        status: exitStatus.ok,
      };
      try {
        await new named.command(named.rest, minimalConfig()).runIn(context);
        return context.status;
      } catch (error) {
        if (error instanceof CommandLineError) throw asUsageError(error, named.name);
        throw error;
      }
    },
    visibly,
  );
}

function asUsageError({ problems }: CommandLineError, name: string) {
  const lines = problems.map((problem) => `ipvsadm: ${problem}`);
  return usageError([...lines, `See: ipvsadm ${name} --help`].join('\n'));
}

/**
 * The part of oclif's configuration that running a command needs. Loading all of it takes longer
 * than most commands.
 */
function minimalConfig(): Config {
  const runHook = async () => ({ successes: [], failures: [] });
  const config = { bin: 'ipvsadm', runHook, scopedEnvVar: () => undefined, scopedEnvVarKeys: () => [] };
  return config as unknown as Config;
}

function findCommand(args: readonly string[]): NamedCommand | undefined {
  for (const length of [2, 1]) {
    const words = args.slice(0, length);
    const command = commands[words.join(':')];
    if (command) return { command, name: words.join(' '), rest: args.slice(length) };
  }
  return undefined;
}

function asksForHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

/**
 * Prints help on a subcommand, on a topic, or on everything.
 * @throws IpvsadmError when there is no such subcommand.
 */
async function showHelp(args: readonly string[], output: Output): Promise<number> {
  const words = args.filter((word) => word !== 'help' && !asksForHelp(word));
  const id = words.join(':');
  const known = id === '' || Object.keys(commands).some((name) => name === id || name.startsWith(`${id}:`));
  if (!known) {
    throw usageError(`ipvsadm: no subcommand '${words.join(' ')}'; 'ipvsadm help' lists all of them`);
  }
  output.asIs(); // oclif colours it
  output.write(await (require('./help') as typeof import('./help')).helpOn(words));
  const helpAsked = words.length === 0 || commands[id] !== undefined || words.length < args.length;
  return helpAsked ? exitStatus.ok : exitStatus.usage; // a topic alone, such as `ipvsadm service`, is incomplete
}

/** Runs a command line in words. */
import type { Config } from '@oclif/core';
import { type Globals, noGlobals } from '../command-line/global-options';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import type { InteractiveSystem } from '../platform/interactive-system';
import { Names } from '../platform/names';
import type { Output } from '../platform/output';
import { reporting } from '../program/report';
import type { CommandContext } from './support/base';
import { asUsageError } from './support/oclif-errors';
import { commands, type SubcommandClass } from './tree';

/** A command line in words, from the arguments to the exit status. */
export async function runSubcommand(
  system: InteractiveSystem,
  globals: Globals = noGlobals,
): Promise<number> {
  const { args } = system;
  const command = findCommand(args);
  const explain = globals.explain || (command?.class.explains ?? false);
  return await reporting(system, { explain }, async (output) => {
    if (!command || args.some(asksForHelp)) {
      return await showHelp(command ? args.slice(0, command.words) : args, output);
    }
    const context: CommandContext = {
      system,
      output,
      names: new Names(system),
      explained: new Set(),
      status: exitStatus.ok,
    };
    try {
      await new command.class(args.slice(command.words), bareConfig()).runIn(context);
      return context.status;
    } catch (error) {
      throw asUsageError(error, args.slice(0, command.words));
    }
  });
}

/** As much of oclif's configuration as running a command needs: reading the whole costs more than the command. */
function bareConfig(): Config {
  const runHook = async () => ({ successes: [], failures: [] });
  const config = { bin: 'ipvsadm', runHook, scopedEnvVar: () => undefined, scopedEnvVarKeys: () => [] };
  return config as unknown as Config;
}

/** The command whose words `args` begins with. */
function findCommand(args: readonly string[]): { class: SubcommandClass; words: number } | undefined {
  for (const words of [2, 1]) {
    const found = commands[args.slice(0, words).join(':')];
    if (found) return { class: found, words };
  }
  return undefined;
}

function asksForHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

/** Help on a command, a topic, or everything. Words that name nothing are an error. */
async function showHelp(args: readonly string[], output: Output): Promise<number> {
  const words = args.filter((word) => word !== 'help' && !asksForHelp(word));
  const id = words.join(':');
  const known = id === '' || Object.keys(commands).some((name) => name === id || name.startsWith(`${id}:`));
  if (!known) {
    throw new IpvsadmError(
      `ipvsadm: there is no command '${words.join(' ')}'; 'ipvsadm help' lists them`,
      exitStatus.usage,
    );
  }
  output.write(await (require('./help') as typeof import('./help')).helpOn(words));
  const asked = words.length === 0 || commands[id] !== undefined || words.length < args.length;
  return asked ? exitStatus.ok : exitStatus.usage; // a topic alone asks for nothing
}

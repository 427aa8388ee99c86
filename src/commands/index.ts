/** Runs a subcommand. */
import type { Config } from '@oclif/core';
import { visibly } from '../bytes/visible';
import { exitStatus } from '../errors/exit-status';
import { type IpvsadmError, usageError } from '../errors/ipvsadm-error';
import type { InteractiveSystem } from '../platform/interactive-system';
import { Names } from '../platform/names';
import type { Output } from '../platform/output';
import { reporting } from '../program/report';
import { nearest } from '../state/source/suggest';
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

/**
 * Runs the subcommand that the arguments name, or prints help on it. Refusals are explained, also
 * without --explain.
 * @returns the exit status.
 */
export async function runSubcommand(system: InteractiveSystem): Promise<number> {
  const { args } = system;
  const named = findCommand(args);
  return await reporting(
    system,
    { explain: true },
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
  if (!known) throw noSubcommand(words);
  output.asIs(); // oclif colours it
  output.write(await (require('./help') as typeof import('./help')).helpOn(words));
  const helpAsked = words.length === 0 || commands[id] !== undefined || words.length < args.length;
  return helpAsked ? exitStatus.ok : exitStatus.usage; // a topic alone, such as `ipvsadm service`, is incomplete
}

/** "did you mean": a subcommand of the same topic, or else any. */
function nearestSubcommand([first = '', second = '']: readonly string[]): string | undefined {
  const names = Object.keys(commands);
  const ofTopic = names.flatMap((id) => (id.startsWith(`${first}:`) ? [id.slice(first.length + 1)] : []));
  if (ofTopic.length === 0)
    return nearest(
      first,
      names.filter((id) => !id.includes(':')),
    );
  const hint = nearest(second, ofTopic);
  return hint?.replace("'", `'${first} `);
}

/** The error for words that name no subcommand: those before the first option, at most two. */
function noSubcommand(words: readonly string[]): IpvsadmError {
  const firstOption = words.findIndex((word) => word.startsWith('-'));
  const named = words.slice(0, firstOption < 0 ? 2 : Math.min(firstOption, 2));
  const name = named.join(' ');
  const hint = nearestSubcommand(named);
  return usageError(
    `ipvsadm: no subcommand '${name}'${hint ? `; ${hint}` : ';'} 'ipvsadm help' lists all of them`,
  );
}

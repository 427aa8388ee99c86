/** Runs a command line in words. */
import type { Config } from '@oclif/core';
import { CLIError } from '@oclif/core/errors';
import { exitStatus, IpvsadmError } from '../errors';
import { reporting } from '../main';
import { nodeSystem } from '../node-system';
import type { System } from '../system';
import type { WordContext } from './base';
import { commands, type WordCommand } from './tree';

/** A command line in words, from the arguments to the exit status. */
export async function runWords(args: readonly string[], system: System = nodeSystem(args)): Promise<number> {
  return await reporting(system, async (output) => {
    const config = bareConfig();
    const context: WordContext = { system, output, status: exitStatus.ok };
    const command = findCommand(args);
    try {
      if (!command || args[0] === 'help' || args.includes('--help')) {
        return await showHelp(args);
      }
      await new command.class(args.slice(command.words), config).runIn(context);
      return context.status;
    } catch (error) {
      throw asUsageError(error, args.slice(0, command?.words));
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
function findCommand(args: readonly string[]): { class: WordCommand; words: number } | undefined {
  for (const words of [2, 1]) {
    const found = commands[args.slice(0, words).join(':')];
    if (found) return { class: found, words };
  }
  return undefined;
}

/** Help on a command, a topic, or everything. Words that name nothing are an error. */
async function showHelp(args: readonly string[]): Promise<number> {
  const words = args.filter((word) => !word.startsWith('-') && word !== 'help');
  const id = words.join(':');
  const known = id === '' || Object.keys(commands).some((name) => name === id || name.startsWith(`${id}:`));
  if (!known) {
    throw new IpvsadmError(
      `ipvsadm: there is no command '${words.join(' ')}'; 'ipvsadm help' lists them`,
      exitStatus.usage,
    );
  }
  await (require('./help') as typeof import('./help')).printHelp(words);
  return words.length === 0 || commands[id] || args.some((word) => word === 'help' || word === '--help')
    ? exitStatus.ok
    : exitStatus.usage; // a topic alone asks for nothing
}

/** What oclif finds wrong with the flags, as a usage error that names the command's help. */
function asUsageError(error: unknown, words: readonly string[]): unknown {
  if (!(error instanceof CLIError)) return error;
  const reason = error.message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s*/, '');
  return new IpvsadmError(`ipvsadm: ${reason}\nSee: ipvsadm ${words.join(' ')} --help`, exitStatus.usage);
}

/** The oclif command tree: the classes by their words, and how a command line in words is run. */
import { join } from 'node:path';
import { type Command, Config, Errors, Help, type Interfaces } from '@oclif/core';
import { exitStatus, IpvsadmError } from '../errors';
import { reporting } from '../main';
import { nodeSystem } from '../node-system';
import type { System } from '../system';
import type { IpvsCommand, WordContext } from './base';
import Clear from './clear';
import DaemonStart from './daemon/start';
import DaemonStop from './daemon/stop';
import List from './list';
import Restore from './restore';
import Save from './save';
import ServerAdd from './server/add';
import ServerDelete from './server/delete';
import ServerEdit from './server/edit';
import ServiceAdd from './service/add';
import ServiceDelete from './service/delete';
import ServiceEdit from './service/edit';
import SetTimeouts from './set-timeouts';
import Version from './version';
import Zero from './zero';

type WordCommand = Pick<Command.Class, keyof Command.Class> &
  (new (
    argv: string[],
    config: Config,
  ) => IpvsCommand);

/** The classes by their words, joined with colons: oclif finds them here (package.json, oclif.commands). */
export const commands: Readonly<Record<string, WordCommand>> = {
  clear: Clear,
  'daemon:start': DaemonStart,
  'daemon:stop': DaemonStop,
  list: List,
  restore: Restore,
  save: Save,
  'server:add': ServerAdd,
  'server:delete': ServerDelete,
  'server:edit': ServerEdit,
  'service:add': ServiceAdd,
  'service:delete': ServiceDelete,
  'service:edit': ServiceEdit,
  'set-timeouts': SetTimeouts,
  version: Version,
  zero: Zero,
};

/** A command line in words, from the arguments to the exit status. */
export async function runWords(args: readonly string[], system: System = nodeSystem(args)): Promise<number> {
  return await reporting(system, async (output) => {
    const config = await Config.load({ root: join(__dirname, '..') });
    const context: WordContext = { system, output, status: exitStatus.ok };
    const command = findCommand(args);
    try {
      if (!command || args[0] === 'help' || args.includes('--help')) {
        return await showHelp(args, config);
      }
      await new command.class(args.slice(command.words), config).runIn(context);
      return context.status;
    } catch (error) {
      throw asUsageError(error, args.slice(0, command?.words));
    }
  });
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
async function showHelp(args: readonly string[], config: Interfaces.Config): Promise<number> {
  const words = args.filter((word) => !word.startsWith('-') && word !== 'help');
  const id = words.join(':');
  const known = id === '' || Object.keys(commands).some((name) => name === id || name.startsWith(`${id}:`));
  if (!known) {
    throw new IpvsadmError(
      `ipvsadm: there is no command '${words.join(' ')}'; 'ipvsadm help' lists them`,
      exitStatus.usage,
    );
  }
  await new Help(config).showHelp(words);
  return words.length === 0 || commands[id] || args.some((word) => word === 'help' || word === '--help')
    ? exitStatus.ok
    : exitStatus.usage; // a topic alone asks for nothing
}

/** What oclif finds wrong with the flags, as a usage error that names the command's help. */
function asUsageError(error: unknown, words: readonly string[]): unknown {
  if (!(error instanceof Errors.CLIError)) return error;
  const reason = error.message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s*/, '');
  return new IpvsadmError(`ipvsadm: ${reason}\nSee: ipvsadm ${words.join(' ')} --help`, exitStatus.usage);
}

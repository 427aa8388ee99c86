import { type CommandName, requestCommands } from '../command-line/command-table';
import { machineConfig } from '../platform/machine-config';
import type { System } from '../platform/system';
import { nameOf } from './wrappers';

/** The commands of the classic syntax that change the table. Counters are not part of one that is kept. */
const changing: ReadonlySet<CommandName> = new Set([
  'add-service',
  'edit-service',
  'delete-service',
  'flush',
  'add-server',
  'edit-server',
  'delete-server',
  'set',
  'start-daemon',
  'stop-daemon',
  'restore',
]);

/**
 * Whether the table is to be kept before a command line in classic syntax, or a wrapper, changes it:
 * the administrator says so in the configuration of the machine. Reads nothing for other commands.
 */
export function asksToKeep(system: Pick<System, 'args' | 'programName' | 'readFile'>): boolean {
  return mayChange(system) && machineConfig(system, () => {}).history === 'on';
}

function mayChange({ args, programName }: Pick<System, 'args' | 'programName'>): boolean {
  if (nameOf(programName) === 'ipvsadm-restore') return true;
  if (nameOf(programName) === 'ipvsadm-save') return false;
  // The command is the first option; other arguments may precede it.
  const first = args.find((argument) => argument.length > 1 && argument.startsWith('-')) ?? '';
  return requestCommands.some(
    ({ name, letters, long }) =>
      changing.has(name) &&
      (first.startsWith('--')
        ? first.slice(2).split('=')[0] === long
        : letters.includes(first.charAt(1) || ' ')),
  );
}

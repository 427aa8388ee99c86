import { requestCommands } from './command-table';

/** First words of the subcommands that the table of commands does not have. */
const furtherSubcommands = [
  'apply',
  'completion',
  'connections',
  'convert',
  'diff',
  'director',
  'doctor',
  'ha',
  'health',
  'help',
  'history',
  'metrics',
  'monitor',
  'probe',
  'realserver',
  'schema',
  'snapshot',
  'top',
  'undo',
  'version',
  'web',
  'what-if',
];

/** Whether a command line begins with a subcommand; any other is in classic syntax. */
export function isSubcommand([first]: readonly string[]): boolean {
  if (first === undefined) return false;
  return (
    furtherSubcommands.includes(first) ||
    requestCommands.some(({ subcommand }) => subcommand.split(' ')[0] === first)
  );
}

import { requestCommands } from './options';

/** First words that the oclif tree knows beside those of the table. */
const ownWords = ['apply', 'completion', 'convert', 'diff', 'help', 'schema', 'snapshot', 'version'];

/** Whether a command line is one in words; anything else is ipvsadm's own spelling. */
export function isSubcommand(args: readonly string[]): boolean {
  const [first] = args;
  if (first === undefined) return false;
  return ownWords.includes(first) || requestCommands.some(({ words }) => words.split(' ')[0] === first);
}

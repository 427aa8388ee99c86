/** What oclif finds wrong with flags and arguments, in this program's words. */
import { stripVTControlCharacters } from 'node:util';
import { CLIError } from '@oclif/core/errors';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';

/** What is left out of oclif's texts or put otherwise, in this order. */
const changes: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\nSee more help with --help$/, ''],
  [/^The following errors? occurred:\s*/, ''],
  // A flag that checks its value itself.
  [/^Parsing --\S+ \n\t(ipvsadm: )?/, ''],
  // Not so here: such a flag takes one value each time.
  [/\n+Note: --\S+ allows multiple values\..*$/s, ''],
  [/^( *--[a-z-]+)=true(?= cannot also be provided)/gm, '$1'],
  [/^Missing 1 required arg:\n(\S+) +.*$/s, 'Missing argument: $1'],
  [/^( *)Missing required flag (\S+)$/gm, '$1Missing required flag --$2'],
];

/** A mistake in a command line, as a usage error that names the command's help; other errors as they are. */
export function asUsageError(error: unknown, words: readonly string[]): unknown {
  const parsing = error instanceof IpvsadmError && error.message.startsWith('Parsing --');
  if (!(error instanceof CLIError) && !parsing) return error;
  // On a terminal oclif dims some of it.
  const text = changes.reduce(
    (text, [pattern, replacement]) => text.replace(pattern, replacement),
    stripVTControlCharacters(error.message),
  );
  const reasons = text.split('\n').filter(isNews);
  return new IpvsadmError(
    `ipvsadm: ${reasons.join('\n')}\nSee: ipvsadm ${words.join(' ')} --help`,
    exitStatus.usage,
  );
}

/** Of two flags that exclude each other oclif tells twice. */
function isNews(line: string, index: number, lines: readonly string[]): boolean {
  const pair = pairIn(line);
  return (
    pair === undefined ||
    !lines.slice(0, index).some((before) => pairIn(before)?.join() === [...pair].reverse().join())
  );
}

/** The flags that a line says to exclude each other. */
function pairIn(line: string): [string, string] | undefined {
  const match = /^ *(--[a-z-]+)(?:=.*)? cannot also be provided when using (--[a-z-]+)$/.exec(line);
  return match ? [match[1]!, match[2]!] : undefined;
}

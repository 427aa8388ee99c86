/** What oclif finds wrong with flags and arguments, in this program's words. */
import { CLIError } from '@oclif/core/errors';
import { exitStatus, IpvsadmError } from '../errors';

/** What is left out of oclif's texts or put otherwise, in this order. */
const changes: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\nSee more help with --help$/, ''],
  [/^The following errors? occurred:\s*/, ''],
  // A flag that checks its value itself.
  [/^Parsing --\S+ \n\t(ipvsadm: )?/, ''],
  // Not so here: such a flag takes one value each time.
  [/\n+Note: --\S+ allows multiple values\..*$/s, ''],
  [/(--[a-z-]+)=true\b/g, '$1'],
  // Two flags that exclude each other are told twice.
  [
    /^(.*) cannot also be provided when using (.*)\n.* cannot also be provided when using .*$/,
    '$1 cannot also be provided when using $2',
  ],
  [/^Missing 1 required arg:\n(\S+) +.*$/s, 'Missing argument: $1'],
  [/^Missing required flag (\S+)$/, 'Missing required flag --$1'],
];

/** A mistake in a command line, as a usage error that names the command's help; other errors as they are. */
export function asUsageError(error: unknown, words: readonly string[]): unknown {
  const parsing = error instanceof IpvsadmError && error.message.startsWith('Parsing --');
  if (!(error instanceof CLIError) && !parsing) return error;
  const reason = changes.reduce(
    (text, [pattern, replacement]) => text.replace(pattern, replacement),
    error.message,
  );
  return new IpvsadmError(`ipvsadm: ${reason}\nSee: ipvsadm ${words.join(' ')} --help`, exitStatus.usage);
}

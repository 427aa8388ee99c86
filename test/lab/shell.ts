/**
 * Quotes an argument for a POSIX shell. A Buffer gives a Buffer, whose bytes are kept in any
 * encoding.
 */
export function shellQuote(argument: string): string;
export function shellQuote(argument: string | Buffer): string | Buffer;
export function shellQuote(argument: string | Buffer): string | Buffer {
  if (typeof argument === 'string') return `'${argument.replaceAll("'", `'\\''`)}'`;
  const quoted = shellQuote(argument.toString('latin1'));
  return Buffer.from(quoted, 'latin1');
}

/** Returns a command line with every argument quoted. */
export function shellCommand(argv: readonly (string | Buffer)[]): Buffer {
  const words = argv.map((argument) => Buffer.from(shellQuote(argument)));
  return Buffer.concat(words.flatMap((word, index) => (index === 0 ? [word] : [Buffer.from(' '), word])));
}

/** Returns `name='value'` for each variable. */
export function shellAssignments(variables: Record<string, string>, separator = '\n'): string {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${shellQuote(value)}`);
  return assignments.join(separator);
}

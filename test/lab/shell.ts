/**
 * One argument quoted for a POSIX shell. Bytes are kept as they are, whatever the encoding, so the answer for a
 * Buffer is a Buffer.
 */
export function shellQuote(argument: string): string;
export function shellQuote(argument: string | Buffer): string | Buffer;
export function shellQuote(argument: string | Buffer): string | Buffer {
  if (typeof argument === 'string') return `'${argument.replaceAll("'", `'\\''`)}'`;
  const quoted = shellQuote(argument.toString('latin1'));
  return Buffer.from(quoted, 'latin1');
}

/** A command line: every argument quoted, spaces between. */
export function shellCommand(argv: readonly (string | Buffer)[]): Buffer {
  const words = argv.map((argument) => Buffer.from(shellQuote(argument)));
  return Buffer.concat(words.flatMap((word, index) => (index === 0 ? [word] : [Buffer.from(' '), word])));
}

/** `name='value'` for each variable. */
export function shellAssignments(variables: Record<string, string>, separator = '\n'): string {
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${shellQuote(value)}`);
  return assignments.join(separator);
}

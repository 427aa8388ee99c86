/** Says on stderr what takes time or is worth knowing: one line each, never on stdout. */
export function say(message: string): void {
  process.stderr.write(`lab: ${message}\n`);
}

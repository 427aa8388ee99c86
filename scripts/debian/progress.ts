/** Prints a line of progress to stderr. */
export function say(message: string): void {
  process.stderr.write(`lab: ${message}\n`);
}

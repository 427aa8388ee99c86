/**
 * Thrown for an invalid command line of a subcommand. A problem has no `ipvsadm:` in front and no
 * full stop.
 */
export class CommandLineError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'CommandLineError';
  }
}

/** Thrown by the parse function of a flag. The message says what would be right: `must be …`. */
export class InvalidValueError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidValueError';
  }
}

/** A subcommand's command line makes no sense. Each problem is a phrase without `ipvsadm:` and full stop. */
export class CommandLineError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'CommandLineError';
  }
}

/** Thrown by the parse function of a flag. The message says what a right value is: `must be …`. */
export class InvalidValueError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidValueError';
  }
}

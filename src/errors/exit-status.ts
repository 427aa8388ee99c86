/** The exit statuses of ipvsadm and of the subcommands (docs/exit-status.md). */
export const exitStatus = {
  ok: 0,
  /** A listing failed. */
  listing: 1,
  /** diff found differences, or what was written is not complete. */
  differs: 1,
  /** The trial of restore --check failed, so that nothing is known. */
  trialFailed: 1,
  /** The timeout of server drain expired. */
  timedOut: 1,
  /** The command line is invalid. */
  usage: 2,
  /** A change of apply was refused, and not everything could be undone. */
  halfDone: 3,
  /** The kernel refused a change, or the syntax of an option is wrong. */
  refused: 255,
  /** Added to the number of the signal that ended a command, as in a shell. */
  signalled: 128,
} as const;

/** What help says of them. */
export const exitMeanings: readonly (readonly [status: string, meaning: string])[] = [
  [`${exitStatus.ok}`, 'success'],
  [
    `${exitStatus.differs}`,
    'something differs or wants attention, a listing failed, or a wait ended too early',
  ],
  [`${exitStatus.usage}`, 'the command line or a file is wrong: nothing was changed'],
  [`${exitStatus.halfDone}`, 'some changes were made, and could not be undone'],
  [`${exitStatus.refused}`, 'the kernel refused'],
  [`${exitStatus.signalled}+N`, 'signal N ended it'],
];

/** Exit statuses: ipvsadm's, and those of the word commands (docs/restore.md). */
export const exitStatus = {
  ok: 0,
  /** A listing failed. */
  listing: 1,
  /** The answer to a question of diff is no, or what was written is not whole. */
  differs: 1,
  /** What was waited for did not come in time: of server drain. */
  timedOut: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** A change was refused, and not everything could be put back: of apply. */
  halfDone: 3,
  /** The kernel refused a change, or the option syntax is wrong. */
  refused: 255,
  /** Added to the number of a signal that ended a command, as a shell does. */
  signalled: 128,
} as const;

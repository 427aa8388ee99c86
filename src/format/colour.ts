/** Colours for a terminal, by chalk. A bundle of its own, loaded where something is coloured. */
import { Chalk } from 'chalk';

const chalk = new Chalk({ level: 1 });

/** By the sign of a line of a patch. */
export const patchColours = {
  '-': chalk.red,
  '+': chalk.green,
  ' ': (text: string) => text,
  head: chalk.bold,
} as const;

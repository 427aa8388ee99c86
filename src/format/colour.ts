/** Terminal colours, by chalk. A separate bundle, loaded when something is coloured. */
import { Chalk } from 'chalk';

const chalk = new Chalk({ level: 1 });

/** The colour of a patch line, by its sign. */
export const patchColours = {
  '-': chalk.red,
  '+': chalk.green,
  ' ': (text: string) => text,
  head: chalk.bold,
} as const;

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

const plain = (text: string) => text;

/** The colours of the lines of `top`, by their kinds. */
export const frameColours = {
  title: chalk.bold,
  head: chalk.inverse,
  service: chalk.bold,
  server: plain,
  out: chalk.dim,
  warning: chalk.yellow,
  event: chalk.cyan,
  hint: chalk.dim,
} as const;

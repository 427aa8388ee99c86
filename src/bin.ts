/** The program on Node: ipvsadm's own spelling goes to `main`, words to the oclif tree, loaded then. */
import { writeSync } from 'node:fs';
import { nodeSystem } from './engines/node/system';
import { exitStatus } from './errors';
import { main } from './main';
import { isWordCommand } from './words';

const args = process.argv.slice(2);
const status: Promise<number> = isWordCommand(args)
  ? (require('./commands') as typeof import('./commands')).runProcessWords()
  : main(nodeSystem(args));
/** Settled when the program has done its work. */
export const done: Promise<void> = status.then(
  (code) => {
    if (code !== exitStatus.ok) process.exitCode = code;
  },
  (error: Error) => {
    // A mistake of ours. Node would print the line of the bundle, which is all of it.
    process.exitCode = exitStatus.listing;
    writeSync(2, `ipvsadm: internal error: ${error.stack}\n`);
  },
);

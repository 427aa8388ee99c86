/** The program on Node. Loads oclif for subcommands only. */
import { writeSync } from 'node:fs';
import { exitStatus } from '../../errors/exit-status';
import { program } from '../../program/program';
import { byteArguments, nodeSystem } from './system';

const status = program(nodeSystem(byteArguments(process.argv.slice(2))), ({ args }) =>
  (require('./subcommands') as typeof import('./subcommands')).runOnNode(args),
);
/** Settles when the program has finished. */
export const done: Promise<void> = status.then(
  (code) => {
    if (code !== exitStatus.ok) process.exitCode = code;
  },
  (error: Error) => {
    // A bug. Node would print the source line, which in a bundle is the complete program.
    process.exitCode = exitStatus.listing;
    writeSync(2, `ipvsadm: internal error: ${error.stack}\n`);
  },
);

/** The program on Node. The oclif tree is loaded for a command in words. */
import { writeSync } from 'node:fs';
import { exitStatus } from '../../errors/exit-status';
import { program } from '../../program/program';
import { byteArguments, nodeSystem } from './system';

const status = program(nodeSystem(byteArguments(process.argv.slice(2))), ({ args }, globals) =>
  (require('./subcommands') as typeof import('./subcommands')).runOnNode(args, globals),
);
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

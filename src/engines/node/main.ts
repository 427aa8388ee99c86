/** The program on Node. Loads oclif for subcommands only. */
import { writeSync } from 'node:fs';
import { visibleUnicode } from '../../bytes/visible';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { program } from '../../program/program';
import { byteArguments, nodeSystem } from './system';

async function start(): Promise<number> {
  const system = nodeSystem(byteArguments(process.argv.slice(2)));
  const bundle = () => require('./subcommands') as typeof import('./subcommands');
  return await program(
    system,
    ({ args }) => bundle().runOnNode(args),
    ({ args }, globals) => bundle().runKeptOnNode(args, globals),
  );
}

/** Settles when the program has finished. */
export const done: Promise<void> = start().then(
  (code) => {
    if (code !== exitStatus.ok) process.exitCode = code;
  },
  (error: Error) => {
    if (error instanceof IpvsadmError) {
      process.exitCode = error.status;
      writeSync(2, `${error.message}\n`);
      return;
    }
    // A bug. Node would print the source line, which in a bundle is the complete program.
    process.exitCode = exitStatus.listing;
    writeSync(2, visibleUnicode(`ipvsadm: internal error: ${error.stack}\n`));
  },
);

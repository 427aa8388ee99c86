/** A long-running shell in a chosen network namespace that runs programs for the driver. */
import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { shellQuote } from '../../lab/shell';
import type { CommandLine, Outcome } from './protocol';

export interface Shell {
  /** Runs a program, by default `ipvsadm`, with the arguments of `line`, and waits for it. */
  run(line: CommandLine, program?: string): Outcome;
  close(): void;
}

/** Returns the shell whose loop job.ts has started under `folder`. */
export function openShell(folder: string): Shell {
  const bell = openSync(`${folder}/bell`, 'w');
  const answer = openSync(`${folder}/answer`, 'r');
  const buffer = Buffer.alloc(16);
  return {
    run(line, program = 'ipvsadm') {
      const variables = Object.entries(line.env ?? {}).map(
        ([name, value]) => `${name}=${shellQuote(value)} `,
      );
      const words = line.args.map((word) => shellQuote(word)).join(' ');
      writeFileSync(`${folder}/command`, `${variables.join('')}${program} ${words}\n`, 'latin1');
      writeFileSync(`${folder}/stdin`, line.stdin ?? '', 'latin1');
      writeSync(bell, '\n');
      const length = readSync(answer, buffer);
      return {
        stdout: readFileSync(`${folder}/stdout`, 'latin1'),
        stderr: readFileSync(`${folder}/stderr`, 'latin1'),
        status: Number(buffer.toString('latin1', 0, length)),
      };
    },
    close() {
      closeSync(bell);
      closeSync(answer);
    },
  };
}

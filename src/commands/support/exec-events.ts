/** Runs a command of the shell for each event, one after the other: `monitor --exec`. */
import { visibleUnicodeWord } from '../../bytes/visible';
import type { Output } from '../../platform/output';

/** Milliseconds that one may take. */
const LIMIT = 60_000;
/** Events that wait for a command that is slow; what comes then is told, and not given to it. */
const MOST = 1000;

export interface EventCommand {
  /** Runs the command for an event, which is its standard input, as soon as it is its turn. */
  add(event: string): void;
  /** Settles when all have been run. Never rejects. */
  done(): Promise<void>;
}

export function eventCommand(command: string, output: Output): EventCommand {
  const { runProgram } = require('../../daemon/run-program') as typeof import('../../daemon/run-program');
  let last = Promise.resolve();
  let waiting = 0;
  const note = (text: string) => output.error(`ipvsadm: note: --exec: ${visibleUnicodeWord(text)}`);
  return {
    add(event) {
      if (waiting >= MOST) return note(`an event is passed over: ${MOST} others wait`);
      waiting += 1;
      const run = () =>
        runProgram(['/bin/sh', '-c', command], {
          input: `${event}\n`,
          env: process.env,
          cwd: process.cwd(),
          limit: LIMIT,
        });
      last = last
        .then(run)
        .catch(({ message }: Error) => note(message))
        .finally(() => {
          waiting -= 1;
        });
    },
    done: () => last,
  };
}

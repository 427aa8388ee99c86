/** Runs inside the guest, in a fresh network namespace: a Task on standard input, its Answer on standard output. */
import { readFileSync, writeSync } from 'node:fs';
import { compare } from './compare';
import { runOurs } from './ours';
import type { Answer, Outcome, Task } from './protocol';

async function perform(task: Task): Promise<Answer> {
  if (task.kind === 'compare') return compare(task.lines);
  const cases: Outcome[][] = [];
  for (const lines of task.cases) {
    await runOurs({ args: ['-C'] });
    const outcomes: Outcome[] = [];
    for (const line of lines) outcomes.push(await runOurs(line));
    cases.push(outcomes);
  }
  return { kind: 'repeat', cases };
}

perform(JSON.parse(readFileSync(0, 'utf8')) as Task).then((answer) => {
  const bytes = Buffer.from(JSON.stringify(answer));
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
});

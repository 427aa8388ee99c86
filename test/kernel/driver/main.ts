/**
 * Runs in the guest, in a new network namespace: reads a Task from stdin, writes an Answer to
 * stdout.
 */
import { readFileSync, writeSync } from 'node:fs';
import { compare } from './compare';
import { openOurs } from './ours';
import type { Answer, Outcome, Task } from './protocol';

async function perform(task: Task): Promise<Answer> {
  if (task.kind === 'compare') return compare(task.lines);
  const cases: Outcome[][] = [];
  const ours = openOurs();
  for (const lines of task.cases) {
    await ours.run({ args: ['-C'] });
    const outcomes: Outcome[] = [];
    for (const line of lines) outcomes.push(await ours.run(line));
    cases.push(outcomes);
  }
  ours.close();
  return { kind: 'repeat', cases };
}

perform(JSON.parse(readFileSync(0, 'utf8')) as Task).then((answer) => {
  const bytes = Buffer.from(JSON.stringify(answer));
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
});

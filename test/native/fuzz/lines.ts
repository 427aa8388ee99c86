/** Compares what the native program does in C for many lines with what it does in TypeScript. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { buildNative, root } from '../../../scripts/native/build';
import { connectionLines, ruleLines } from '../../helpers/arbitrary-lines';
import type { Case } from './two-ways';

const executable = join(root, 'node_modules/.cache/ipvsadm-test/fuzz-two-ways');

export async function buildTwoWays(): Promise<void> {
  await buildNative({ entry: 'test/native/fuzz/two-ways.ts', executable, sanitized: true });
}

/** A text in blocks that end anywhere. */
const cut = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.array(fc.nat(), { maxLength: 6 })).map(([whole, places]) => {
    const ends = [...places.map((place) => place % (whole.length + 1)), whole.length].sort((a, b) => a - b);
    const blocks = ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
    return blocks.filter((block) => block !== ''); // an empty one would be the end
  });

const anyCase: fc.Arbitrary<Case> = fc.oneof(
  fc.record({ args: fc.constant(['-R']), blocks: cut(ruleLines) }),
  fc.record({ args: fc.constantFrom(['-Lnc'], ['-Lnc', '--persistent-conn']), blocks: cut(connectionLines) }),
);

/**
 * Runs `count` cases both ways.
 * @returns the number of bytes that C took.
 * @throws with the first case whose results differ, or what a sanitizer reports.
 */
export function compareLines(count: number, seed: number): number {
  const lines = fc
    .sample(anyCase, { seed, numRuns: count })
    .map((each) => `${ascii(JSON.stringify(each))}\n`);
  const { status, stdout, stderr } = spawnSync(executable, [], {
    input: lines.join(''),
    encoding: 'latin1',
    env: {
      ...process.env,
      ASAN_OPTIONS: 'detect_leaks=0',
      UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
    },
    maxBuffer: 1 << 28,
  });
  if (status !== 0 || stderr !== '') throw new Error(`status ${status}: ${stdout}${stderr.slice(0, 4000)}`);
  return Number(stdout);
}

/** JSON of ASCII, as the program reads bytes. */
function ascii(json: string): string {
  return json.replaceAll(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

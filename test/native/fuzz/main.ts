/** `npm run fuzz:native -- [--rounds N] [--seed S]`: fuzzes the native program with sanitizers. */
import { parseArgs } from 'node:util';
import { buildTwoWays, compareLines } from './lines';
import { buildFuzzed, fuzzCalls, fuzzProgram } from './run';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '1000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    },
  });
  const seed = Number(values.seed);
  await buildFuzzed();
  await buildTwoWays();
  console.log(`fuzz: seed ${seed}`);
  console.log(`fuzz: ${compareLines(Number(values.rounds), seed)} bytes of lines equal in C`);
  fuzzCalls(100 * Number(values.rounds), seed);
  console.log(`fuzz: exit statuses ${JSON.stringify(fuzzProgram(Number(values.rounds), seed))}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

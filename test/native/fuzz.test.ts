import { buildFuzzed, fuzzCalls, fuzzProgram } from './fuzz/run';

/** The CI's share; `npm run fuzz:native` does any number, with other seeds. */
const ROUNDS = 150;
const SEED = 20261122;

beforeAll(buildFuzzed, 600_000);

test('hostile arguments, input and answers of a kernel end in an error at worst', () => {
  const statuses = fuzzProgram(ROUNDS, SEED);
  // Had the rounds nothing valid in them, little of the program would have run.
  expect(statuses[0]).toBeGreaterThan(ROUNDS / 20);
  expect(statuses[1]).toBeGreaterThan(0);
  expect(statuses[255]).toBeGreaterThan(0);
}, 300_000);

test('the functions of the C module take nothing for what it is not', () => {
  fuzzCalls(30_000, SEED);
}, 120_000);

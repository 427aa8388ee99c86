import { buildTwoWays, compareLines } from './fuzz/lines';
import { buildFuzzed, fuzzCalls, fuzzProgram } from './fuzz/run';

/** A small number for CI; `npm run fuzz:native` runs any number, with other seeds. */
const ROUNDS = 150;
const SEED = 20261122;

beforeAll(async () => {
  await buildFuzzed();
  await buildTwoWays();
}, 600_000);

test('hostile arguments, input and kernel replies cause errors at worst', () => {
  const statuses = fuzzProgram(ROUNDS, SEED);
  // Some rounds must be valid; otherwise little of the program would have run.
  expect(statuses[0]).toBeGreaterThan(ROUNDS / 20);
  expect(statuses[1]).toBeGreaterThan(0);
  expect(statuses[255]).toBeGreaterThan(0);
}, 300_000);

test('the functions of the C module reject arguments of the wrong type', () => {
  fuzzCalls(30_000, SEED);
}, 120_000);

test('rules and connections come out as in TypeScript when C takes them', () => {
  const taken = compareLines(ROUNDS, SEED);
  expect(taken).toBeGreaterThan(100_000);
}, 300_000);

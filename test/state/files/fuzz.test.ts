import { type FuzzedFormat, fuzzedFormats } from './fuzz/generate';
import { buildFuzzer, describeFault, fuzzReader } from './fuzz/run';

/**
 * Random documents for every reader, in a process with little memory: fuzz/check.ts says what must
 * be true of each. `npm run fuzz:readers` reads any number, with other seeds.
 */
const SEED = 2;
const counts: Readonly<Record<FuzzedFormat, number>> = {
  rules: 1200,
  restore: 800,
  json: 1500,
  yaml: 800,
  keepalived: 800,
  ldirectord: 1500,
  connections: 1000,
  services: 1000,
};

beforeAll(buildFuzzer);

test.each(fuzzedFormats)(
  '%s: documents are read or refused with a place, quickly and in little memory',
  async (format) => {
    const run = { format, seed: SEED, count: counts[format] };
    const { documents, accepted, faults } = await fuzzReader(run);
    expect(faults.map((fault) => describeFault(run, fault))).toEqual([]);
    expect(documents).toBe(run.count);
    // Most of what a reader does is seen only if it accepts the document.
    expect(accepted).toBeGreaterThan(run.count / 25);
  },
  120_000,
);

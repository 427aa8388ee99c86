import { connectLab } from '../lab/client';
import { programUnderTest } from '../lab/under-test';
import { buildDriver } from './driver/job';
import { fuzz } from './fuzz-run';

/**
 * The part of the differential run that CI executes; `npm run fuzz` compares any number of lines,
 * with other seeds. The native program gets fewer lines: it needs a process for each, and shares
 * its core with the program on Node.
 */
const LINES = programUnderTest() === 'node' ? 2000 : 500;
const SEED = 20261122;

beforeAll(buildDriver, 60_000);

test(`both programs agree on ${LINES} generated command lines`, async () => {
  const report = await fuzz(connectLab(), LINES, SEED);
  expect(report.lines).toBeGreaterThanOrEqual(LINES);
  // If no generated line were valid, agreement would mean little.
  expect(report.statuses[0]).toBeGreaterThan(LINES / 4);
  expect(report.statuses[255]).toBeGreaterThan(LINES / 50);
  expect(report.statuses[2]).toBeGreaterThan(LINES / 50);
}, 900_000);

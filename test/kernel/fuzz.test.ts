import { connectLab } from '../lab/client';
import { programUnderTest } from '../lab/under-test';
import { buildDriver } from './driver/job';
import { fuzz } from './fuzz-run';

/**
 * The CI's share of the differential run; `npm run fuzz` does any number, with other seeds. The native program is a
 * process a line, and its core is the one that the other program is tested with.
 */
const LINES = programUnderTest() === 'native' ? 500 : 2000;
const SEED = 20261122;

beforeAll(buildDriver);

test(`both programs agree on ${LINES} generated command lines`, async () => {
  const report = await fuzz(connectLab(), LINES, SEED);
  expect(report.lines).toBeGreaterThanOrEqual(LINES);
  // Had the generator nothing valid to say, agreement would mean little.
  expect(report.statuses[0]).toBeGreaterThan(LINES / 4);
  expect(report.statuses[255]).toBeGreaterThan(LINES / 50);
  expect(report.statuses[2]).toBeGreaterThan(LINES / 50);
}, 900_000);

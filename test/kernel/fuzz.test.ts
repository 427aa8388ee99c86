import { connectLab } from '../lab/client';
import { buildDriver } from './driver/job';
import { fuzz } from './fuzz-run';

/** The CI's share of the differential run; `npm run fuzz` does any number, with other seeds. */
const LINES = 2000;
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

/** The second kernel, Debian 12's 6.1, is emulated and slow: it runs a sample of the tests. */
import { type Lab, openLab } from '../lab';
import { programUnderTest } from '../lab/under-test';
import { programs, runTutorial } from '../quickstart/tutorial';
import { buildDriver } from './driver/job';
import { fuzz } from './fuzz-run';
import { stateRoundTrips } from './state-cases';

const LINES = programUnderTest() === 'node' ? 200 : 100;
const SEED = 6_1;

let lab: Lab;

beforeAll(async () => {
  await buildDriver();
  lab = await openLab({ backend: 'qemu' });
}, 600_000);

afterAll(async () => {
  await lab?.close();
});

test('this is not the kernel of the other tests', () => {
  expect({ backend: lab.backend, major: lab.kernel.split('.')[0] }).toEqual({ backend: 'qemu', major: '6' });
});

test('the tutorial works as the textbook says', async () => {
  const { problems } = await runTutorial(lab, programs.ours);
  expect(problems).toEqual([]);
}, 600_000);

test(`both programs agree on ${LINES} generated command lines`, async () => {
  const report = await fuzz(lab, LINES, SEED);
  expect(report.lines).toBeGreaterThanOrEqual(LINES);
  expect(report.statuses[0]).toBeGreaterThan(LINES / 4);
}, 900_000);

test('random tables survive snapshot, clear and restore; apply turns any table into any other', async () => {
  expect(await stateRoundTrips(lab, 1, SEED)).toBe('');
}, 900_000);

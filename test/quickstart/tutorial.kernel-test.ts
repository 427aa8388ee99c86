import { connectLab } from '../lab/client';
import { programs, runTutorial } from './tutorial';

test.each(['node', 'c'] as const)(
  'the tutorial has the expected results with %s',
  async (program) => {
    const { sections, problems } = await runTutorial(connectLab(), programs[program]);
    expect(problems).toEqual([]);
    expect(sections.flatMap(({ steps }) => steps).every(({ status }) => status === 0)).toBe(true);
  },
  600_000,
);

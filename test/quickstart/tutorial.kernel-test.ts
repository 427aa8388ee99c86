import { connectLab } from '../lab/client';
import { stepsOf } from './expectations';
import { programs, runTutorial } from './tutorial';

// With our program on Node it is one of the stories: stories.kernel-test.ts.
test('the tutorial has the expected results with the C program', async () => {
  const { sections, problems } = await runTutorial(connectLab(), programs.c);
  expect(problems).toEqual([]);
  expect(stepsOf(sections).every(({ exit }) => exit === 0)).toBe(true);
}, 600_000);

import { GuestEnded } from './errors';
import { openLasting } from './lasting';
import type { JobResult, Lab } from './types';

const output = jest.spyOn(process.stderr, 'write');
beforeEach(() => output.mockReset().mockReturnValue(true));
afterAll(() => output.mockRestore());

const fine: JobResult = { stdout: Buffer.from('fine'), stderr: Buffer.from(''), status: 0 };

/** Guests of which the first ones end when they get a job. */
function guests(deaths: number, failure: Error = new GuestEnded('Kernel panic')) {
  const closed: number[] = [];
  let opened = 0;
  const open = async (): Promise<Lab> => {
    const number = ++opened;
    const run = async () => {
      if (number <= deaths) throw failure;
      return fine;
    };
    return { backend: 'uml', kernel: '7', run, close: async () => void closed.push(number) };
  };
  return { open, closed, opened: () => opened };
}

test('a guest that panics is replaced once, and all jobs that ran in it are run again', async () => {
  const { open, closed, opened } = guests(1);
  const lab = await openLasting(open);
  expect(await Promise.all([lab.run({ script: 'a' }), lab.run({ script: 'b' })])).toEqual([fine, fine]);
  expect(opened()).toBe(2);
  expect(output.mock.calls.join('')).toContain('Kernel panic');
  await lab.close();
  expect(closed).toEqual([1, 2]);
});

test('a job that ends a second guest fails, and the next job gets a third', async () => {
  const lab = await openLasting(guests(2).open);
  await expect(lab.run({ script: 'a' })).rejects.toThrow('Kernel panic');
  expect(await lab.run({ script: 'b' })).toEqual(fine);
});

test('any other failure of a job is its own', async () => {
  const { open, opened } = guests(1, new Error('late'));
  const lab = await openLasting(open);
  await expect(lab.run({ script: 'a' })).rejects.toThrow('late');
  expect(opened()).toBe(1);
});

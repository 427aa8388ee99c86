/** Tables that the C program listed in dump order and sorted. Ours must sort them the same way. */
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';
import { readSortCases, sortCase } from './cases';
import { expectedOf } from './exceptions';
import { shown } from './shown';
import { rulesOfListing } from './table-of-listing';

test.each(readSortCases().map((entry, index) => [index, sortCase(entry, index)] as const))(
  'table %i',
  async (_index, entry) => {
    const kernel = new FakeKernel();
    const stdin = rulesOfListing(entry.steps[0]!.stdout);
    const restored = await runIn({ args: ['-R'], stdin, openTransport: () => kernel.open() }, main);
    expect(restored).toEqual({ stdout: '', stderr: '', status: 0 });
    for (const step of entry.steps) {
      const outcome = await runIn({ args: step.argv, openTransport: () => kernel.open() }, main);
      const expected = expectedOf('sort', entry, step);
      expect(shown(step, outcome, expected)).toEqual(shown(step, expected, expected));
    }
  },
);

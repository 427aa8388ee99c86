import type { Row } from '../../bench/report';
import { merged, type Stored, sectionOf } from '../../bench/stored';

const row = (work: string, seconds: number): Row => ({ work, programs: { ours: { seconds, memory: 1 } } });
const line = ({ work, programs: { ours } }: Row) => (ours ? `| ${work} | ${ours.seconds} |\n` : '');
const names = ['a', 'b', 'c'];
const run = (where: string, ...rows: readonly Row[]): Stored => ({ where, rows });

const first = run('first', row('a', 1), row('b', 1), row('gone', 1));
const second = merged(first, run('second', row('c', 2), row('b', 2)), names);

test('rows that were measured replace those of their name, and the others stay with their run', () => {
  expect(second).toEqual(run('second', { ...row('a', 1), where: 'first' } as Row, row('b', 2), row('c', 2)));
  const third = merged(second, run('third', row('b', 3)), names);
  expect(third).toEqual({
    where: 'third',
    rows: [{ ...row('a', 1), where: 'first' }, row('b', 3), { ...row('c', 2), where: 'second' }],
  });
});

test('a complete run leaves nothing of former ones', () => {
  const complete = run('second', row('a', 2), row('b', 2), row('c', 2));
  expect(merged(first, complete, names)).toEqual(complete);
  expect(merged(undefined, complete, names)).toEqual(complete);
});

test('a run of the same day on the same machine is the same', () => {
  expect(merged(first, run('first', row('b', 2)), names)).toEqual(run('first', row('a', 1), row('b', 2)));
});

test('a section says which rows are of other runs', () => {
  const third = merged(second, run('third', row('b', 3), { work: 'c', programs: {} }), names);
  expect(sectionOf(third, '| head |', line)).toBe(
    'third; medians\n\nRows marked (1) are of another run:\nfirst\n\n| head |\n| a (1) | 1 |\n| b | 3 |',
  );
  expect(sectionOf(run('third', row('b', 3)), '| head |', line)).toBe(
    'third; medians\n\n| head |\n| b | 3 |',
  );
});

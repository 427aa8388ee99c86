import { schedulerFlagBits, schedulerOfFlag } from '../../src/model/scheduler-flags';
import {
  DEFAULT_SCHEDULER,
  NO_SCHEDULER,
  schedulerNames,
  schedulers,
  spreadOf,
} from '../../src/model/schedulers';

test('names are unique and fit into the attribute', () => {
  expect(new Set(schedulerNames).size).toBe(schedulerNames.length);
  expect(schedulerNames.filter((name) => name.length > 15)).toEqual([]);
});

test('the default scheduler and the absence of one are in the table', () => {
  expect([DEFAULT_SCHEDULER, NO_SCHEDULER].map(spreadOf)).toEqual(['by weight', 'none']);
});

test('a scheduler takes the numbered flags and those that it names', () => {
  const numbered = { 'flag-1': 0x08, 'flag-2': 0x10, 'flag-3': 0x20 };
  expect(schedulerFlagBits('rr')).toEqual(numbered);
  expect(schedulerFlagBits('sh')).toEqual({ ...numbered, 'sh-fallback': 0x08, 'sh-port': 0x10 });
});

test('a named flag belongs to the scheduler that names it', () => {
  const named = schedulers.flatMap(({ name, flags = [] }) => flags.map((flag) => [flag, name]));
  expect(named.map(([flag]) => [flag, schedulerOfFlag(flag!)])).toEqual(named);
  expect(schedulerOfFlag('flag-1')).toBeUndefined();
});

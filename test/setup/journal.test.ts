import { type JournalEntry, journalText, parseJournal, stepKey } from '../../src/setup/journal';
import { setups } from './machines';

const entries: readonly JournalEntry[] = Object.values(setups)
  .flat()
  .map((step, at) => ({ step, former: at % 2 === 0 ? null : `${at}` }));

test('what is written is read, and the steps are the same by their keys', () => {
  const read = parseJournal(journalText(entries))!;
  expect(read).toEqual(entries);
  expect(read.map(({ step }) => stepKey(step))).toEqual(entries.map(({ step }) => stepKey(step)));
});

test.each([
  '',
  '{',
  '[]',
  'null',
  '{"format":"ipvsadm-setup","version":2,"entries":[]}',
  '{"version":1,"entries":[]}',
])('%j is no journal', (text) => {
  expect(parseJournal(text)).toBeUndefined();
});

test.each([
  { kind: 'sysctl', name: 'net/../../etc/passwd', value: 1 },
  { kind: 'sysctl', name: '/etc/passwd', value: 1 },
  { kind: 'address', link: 'lo', address: 'X', prefix: 32 },
  { kind: 'tunnel', type: 'ipip', link: 't', local: 'X' },
  {},
  null,
])('a step %j makes the journal none', (step) => {
  const text = JSON.stringify({ format: 'ipvsadm-setup', version: 1, entries: [{ step, former: null }] });
  expect(parseJournal(text)).toBeUndefined();
});

/** What is counted of a run of `npm run bench:director`. */
import { spread } from '../../bench/director/report';
import { outcomeOf } from '../../bench/director/run';

const output = `table 1000.0 1 0A090016=1 0A090015=1
visit 4000.0 3.0 - refused
counted before 900
visit 5000.0 1.0 r2 ok
visit 5020.0 1.0 - refused
visit 6500.0 250.1 - timeout
visit 9000.0 1.0 - refused
table 6600.0 1 0A090016=1 0A090015=0
table 7000.0 0
sent 2
counted after 12
mark 5010.0
mark 8000.0
long 17
`;

test('what is lost and changed between the marks', () => {
  expect(outcomeOf({ done: /0A090015=0/ }, output)).toEqual({
    lost: 2,
    lastLost: 1.49,
    connectionsLost: 3,
    changes: 2,
    emptied: 1,
    done: 1.59,
    countersReset: true,
    sent: 2,
  });
});

test('a run that did not come to its end is no run', () => {
  expect(() => outcomeOf({}, 'problem: the table is 0')).toThrow(
    'the guest printed: problem: the table is 0',
  );
});

test.each([
  [[], ''],
  [[3, 3, 3], '3'],
  [[4, 1, 2, 3], '1 / 2 / 4 / 4'],
  [Array.from({ length: 20 }, (_, index) => index), '0 / 9 / 18 / 19'],
])('least, median, 95th percentile, greatest: %j', (values, text) => {
  expect(spread(values)).toBe(text);
});

import { left, right } from '../../src/format/columns';

test('text is padded on the right or left, and never truncated', () => {
  expect([left('rr', 4), left(80, 1), right(80, 4), right(80n, 1)]).toEqual(['rr  ', '80', '  80', '80']);
});

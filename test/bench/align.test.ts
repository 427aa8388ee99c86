import { aligned } from '../../bench/align';

test('the columns of a table get the width of their widest cell, and keep their sides', () => {
  const text = 'before\n\n| a | right |\n| --- | --: |\n| longer | 1 |\n| | 12345678 |\n\nafter | this\n';
  expect(aligned(text)).toBe(
    [
      'before',
      '',
      '| a      |    right |',
      '| ------ | -------: |',
      '| longer |        1 |',
      '|        | 12345678 |',
      '',
      'after | this',
      '',
    ].join('\n'),
  );
});

test('what is aligned stays as it is', () => {
  const once = aligned('| a | b |\n| :-- | --- |\n| x | yy |');
  expect(aligned(once)).toBe(once);
});

test('lines with bars that are no table stay as they are', () => {
  expect(aligned('| a | b |\n| x |\n')).toBe('| a | b |\n| x |\n');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemsOf, readImports, readRooms } from '../../scripts/check-rooms';

const root = join(__dirname, '../..');
const rooms = [
  { name: 'program', floor: 3 },
  { name: 'state/plan', floor: 2 },
  { name: 'state/files', floor: 2 },
  { name: 'bytes', floor: 0 },
];

describe('reading the table of rooms', () => {
  test('takes every room of a row, with the floor of the row', () => {
    const markdown =
      '| floor | room |\n| - | - |\n| 2 | `state/plan/`, `state/files/` | x `y/z` |\n| 0 | `bytes/` | |\n';
    expect(readRooms(markdown)).toEqual([
      { name: 'state/plan', floor: 2 },
      { name: 'state/files', floor: 2 },
      { name: 'bytes', floor: 0 },
    ]);
  });
});

test.each([
  ['downwards', [{ from: 'program/a', to: 'bytes/b' }], []],
  ['within a room', [{ from: 'program/a', to: 'program/support/b' }], []],
  [
    'upwards',
    [{ from: 'bytes/b', to: 'program/a' }],
    [
      'src/bytes/b.ts imports src/program/a.ts, but the room program/ (floor 3) is above the room bytes/ (floor 0)',
    ],
  ],
  [
    'to a neighbour',
    [{ from: 'state/plan/a', to: 'state/files/b' }],
    [
      'src/state/plan/a.ts imports src/state/files/b.ts, but the room state/files/ (floor 2) is on the same floor as the room state/plan/ (floor 2)',
    ],
  ],
  [
    'from no room',
    [{ from: 'attic/a', to: 'bytes/b' }],
    ['src/attic/a.ts is in no room of docs/architecture.md'],
  ],
  [
    'in a circle between folders of one room',
    [
      { from: 'program/a', to: 'program/support/b' },
      { from: 'program/support/c', to: 'program/more/d' },
      { from: 'program/more/d', to: 'program/e' },
    ],
    [
      'src/program/ and src/program/support/ import each other in a circle',
      'src/program/more/ and src/program/support/ import each other in a circle',
      'src/program/ and src/program/more/ import each other in a circle',
    ],
  ],
])('an import %s', (_, imports, problems) => {
  expect(problemsOf(imports, rooms).sort()).toEqual([...problems].sort());
});

test('the imports of src/ are all read, lazy ones too, and go downwards', () => {
  const imports = readImports(join(root, 'src'));
  expect(imports).toContainEqual({ from: 'engines/node/main', to: 'engines/node/subcommands' });
  expect(imports).toContainEqual({ from: 'errors/refused', to: 'model/change' });
  expect(imports.length).toBeGreaterThan(900);
  const table = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  expect(problemsOf(imports, readRooms(table))).toEqual([]);
});

/** The documentation names only files that exist, and its lines of prose fit an editor. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsIn, linksIn, longLinesIn, pathsIn } from './markdown';

const root = join(__dirname, '../..');
const guides = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...markdownIn('docs')];
const pages = [...guides, 'CHANGELOG.md', 'test/golden/README.md', 'test/lab/README.md'];

test('there are pages, and they name many paths and links', () => {
  const count = (find: (page: string) => string[]) => pages.flatMap((page) => find(read(page))).length;
  expect(pages.length).toBeGreaterThan(20);
  expect(count(pathsIn)).toBeGreaterThan(150);
  expect(count(linksIn)).toBeGreaterThan(60);
});

test.each(pages)('%s names paths that exist', (page) => {
  expect(pathsIn(read(page)).filter((path) => !exists(path))).toEqual([]);
});

test.each(pages)('%s links to files and headings that exist', (page) => {
  expect(linksIn(read(page)).filter((target) => !leadsSomewhere(page, target))).toEqual([]);
});

test.each(guides)('%s has lines of prose of at most 100 characters', (page) => {
  expect(longLinesIn(read(page), 100)).toEqual([]);
});

describe('a page', () => {
  const page = [
    '# A page, `-h` and more',
    'See `src/a.ts`, src/format/*.ts and docs/b.md. [b](b.md#two), ![plot](c.svg), [web](https://d.e/src/f).',
    '`/usr/src/g` and `../src/h` are elsewhere.',
    '```sh',
    '# npx jest test/i.test.ts [not](a-link)',
    '```',
    '## Two',
    '## Two',
    `| ${'wide '.repeat(30)}|`,
    `- [${'long '.repeat(30)}](j.md)`,
    'é'.repeat(100),
    'é'.repeat(101),
  ].join('\n');

  test('names paths in prose and in code', () => {
    expect(pathsIn(page)).toEqual(['src/a.ts', 'src/format/*.ts', 'docs/b.md', 'test/i.test.ts']);
  });

  test('links to files of the project', () => {
    expect(linksIn(page)).toEqual(['b.md#two', 'c.svg', 'j.md']);
  });

  test('has an anchor for each heading', () => {
    expect(anchorsIn(page)).toEqual(['a-page--h-and-more', 'two', 'two-1']);
  });

  test('has long lines of prose', () => {
    expect(longLinesIn(page, 100)).toEqual([`2: ${page.split('\n')[1]}`, `12: ${'é'.repeat(101)}`]);
  });
});

function markdownIn(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
}

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

function exists(path: string): boolean {
  if (!path.includes('*')) return existsSync(join(root, path));
  const folder = path.slice(0, path.indexOf('*')).replace(/[^/]*$/, '');
  const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replace(/\*+/g, '[^/]*')}$`);
  if (!existsSync(join(root, folder))) return false;
  return readdirSync(join(root, folder)).some((name) => pattern.test(folder + name));
}

/** Whether a link of `page` leads to a file, and, where it has an anchor, to a heading. */
function leadsSomewhere(page: string, target: string): boolean {
  const [path, anchor] = target.split('#') as [string, string?];
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (file.startsWith('..') || !existsSync(join(root, file))) return false;
  return anchor === undefined || anchorsIn(read(file)).includes(anchor);
}

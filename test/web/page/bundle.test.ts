/** What npm run build makes of the page, and the sources that it is made of. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildWeb } from '../../../scripts/web';

const root = join(__dirname, '../../..');
const web = mkdtempSync(join(tmpdir(), 'ipvsadm-web-'));
const read = (name: string) => readFileSync(join(web, name));
let files: Record<string, string>;

beforeAll(async () => {
  await buildWeb(root, web);
  files = JSON.parse(read('files.json').toString());
}, 60_000);

afterAll(() => rmSync(web, { recursive: true, force: true }));

test('files.json names what there is, with content types', () => {
  expect(readdirSync(web).sort()).toEqual([...Object.keys(files), 'files.json'].sort());
  const named = Object.entries(files).map(([name, type]) => [
    name.replace(/(?<=^page-)[0-9A-Z]{8}(?=\.)/, 'HASH'),
    type,
  ]);
  expect(named.sort()).toEqual([
    ['index.html', 'text/html; charset=utf-8'],
    ['page-HASH.css', 'text/css; charset=utf-8'],
    ['page-HASH.js', 'text/javascript; charset=utf-8'],
  ]);
});

test('index.html names the others, and has no script or style of its own', () => {
  const html = read('index.html').toString();
  const named = [...html.matchAll(/ (?:src|href)="((?!data:)[^"]*)"/g)].map(([, name]) => name);
  expect(named.sort()).toEqual(
    Object.keys(files)
      .filter((name) => name !== 'index.html')
      .sort(),
  );
  expect(html).not.toMatch(/ style=| on\w+=|<style|<script(?! type="module" src="page-)/);
});

test('it is at most 150 KB, compressed', () => {
  const sizes = Object.keys(files).map((name) => gzipSync(read(name), { level: 9 }).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(150_000);
});

test('nothing is loaded from elsewhere', () => {
  const urls = Object.keys(files).flatMap(
    (name) =>
      read(name)
        .toString()
        .match(/https?:\/\/[\w.]+/g) ?? [],
  );
  // Namespaces of XML, which are names, not places.
  expect([...new Set(urls)].filter((url) => url !== 'http://www.w3.org')).toEqual([]);
});

test('no source makes HTML or code of text', () => {
  const source = join(root, 'src/web/page');
  const names = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  );
  const wrong = names.filter((name) =>
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|style="/.test(
      readFileSync(join(source, name), 'utf8'),
    ),
  );
  expect({ some: names.length > 20, wrong }).toEqual({ some: true, wrong: [] });
});

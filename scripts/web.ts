/**
 * Part of `npm run build`: bundles the web page into dist/web/, where its server finds it.
 *
 *   index.html     names the two others
 *   page-HASH.js   scripts, with preact and uplot
 *   page-HASH.css  styles
 *   files.json     the names of the files above, with their content types
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';

/** Content types by the ending of a file's name. */
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/** Returns esbuild's description of the bundle, which says whose code is in it. */
export async function buildWeb(root: string, directory = join(root, 'dist/web')): Promise<Metafile> {
  const source = join(root, 'src/web/page');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'src/web/page/main.tsx', out: 'page' },
      { in: 'src/web/page/styles/page.css', out: 'page' },
    ],
    entryNames: '[name]-[hash]',
    outdir: directory,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2022', 'chrome105', 'firefox110', 'safari16'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfig: 'src/web/page/tsconfig.json',
    charset: 'utf8',
    // dist/THIRD-PARTY.txt has the licenses.
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  mkdirSync(directory, { recursive: true });
  const names = readdirSync(directory);
  const named = (ending: string) => names.find((name) => name.endsWith(ending))!;
  const template = readFileSync(join(source, 'index.html'), 'utf8');
  const html = template.replace('@script@', named('.js')).replace('@style@', named('.css'));
  writeFileSync(join(directory, 'index.html'), html);
  const files = [...names, 'index.html'].sort().map((name) => [name, types[extname(name)]]);
  writeFileSync(join(directory, 'files.json'), `${JSON.stringify(Object.fromEntries(files), null, 2)}\n`);
  return metafile;
}

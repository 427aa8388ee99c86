/**
 * Starting from V8's code cache. A cache that V8 rejects slows the start down, and nothing else
 * would notice.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

test.each([
  ['with several processors', []],
  ['on a single processor', ['--single-threaded', '--max-inlined-bytecode-size-cumulative=200']],
])('the flags of the launcher %s match those of the caches', (_name, flags) => {
  const report = join(root, 'test/helpers/report-code-cache.cjs');
  const node = ['--no-rehash-snapshot', ...flags, '-r', report, join(root, 'dist/ipvsadm.cjs'), 'version'];
  const { stderr, status } = spawnSync(process.execPath, node, { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({
    stderr: 'classic.js: from its cache\ncommands.js: from its cache\n',
    status: 0,
  });
});

import {
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepLinksInside } from '../../scripts/debian/private-programs';

let tree: string;
beforeEach(() => {
  tree = realpathSync(mkdtempSync(join(tmpdir(), 'ipvsadm-tree-')));
});
afterEach(() => rmSync(tree, { recursive: true }));

test('an absolute link of a private tree leads to the tree, a relative one is left as it is', () => {
  mkdirSync(join(tree, 'lib/deep'), { recursive: true });
  mkdirSync(join(tree, 'lib64'));
  writeFileSync(join(tree, 'lib/deep/ld.so'), '');
  symlinkSync('/lib/deep/ld.so', join(tree, 'lib64/ld.so'));
  symlinkSync('ld.so', join(tree, 'lib/deep/near'));
  symlinkSync('/lib/nothing', join(tree, 'lib/dangling'));
  symlinkSync('/lib/deep', join(tree, 'folder'));
  symlinkSync('.', join(tree, 'lib/self'));

  keepLinksInside(tree);

  expect(realpathSync(join(tree, 'lib64/ld.so'))).toBe(join(tree, 'lib/deep/ld.so'));
  expect(readlinkSync(join(tree, 'lib/deep/near'))).toBe('ld.so');
  expect(readlinkSync(join(tree, 'lib/dangling'))).toBe('nothing');
  expect(readlinkSync(join(tree, 'folder'))).toBe('lib/deep');
  expect(readlinkSync(join(tree, 'lib/self'))).toBe('.');
});

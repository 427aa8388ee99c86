/**
 * npm 9 and 10 accept a lock file without the optional packages of other platforms, npm 11 does
 * not: this test finds them missing with every npm.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';

interface LockedPackage {
  version: string;
  resolved?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const lock = JSON.parse(readFileSync(join(__dirname, '../../package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};

test('package-lock.json has the version of package.json', () => {
  expect(lock.packages['']?.version).toBe(version);
});

test('package-lock.json has every dependency, of every platform', () => {
  const entries = Object.entries(lock.packages);
  const missing = entries.flatMap(([path, { dependencies, devDependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter((name) => !isLocked(path, name))
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
  expect(Object.keys(lock.packages)).toContain('node_modules/@esbuild/win32-x64');
});

test('package-lock.json names no registry', () => {
  // A link is a folder of the project.
  const resolved = Object.values(lock.packages).filter((each) => each.resolved !== undefined && !each.link);
  expect(resolved).toEqual([]);
});

/** Whether Node finds `name` from `path`: in its node_modules, or in those of a directory above. */
function isLocked(path: string, name: string): boolean {
  if (`${path && `${path}/`}node_modules/${name}` in lock.packages) return true;
  const above = path.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, '');
  // Around a folder of the project that is linked there is only the project.
  return path !== '' && isLocked(above === path ? '' : above, name);
}

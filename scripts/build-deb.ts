/**
 * Part of `npm run build:deb`: builds the Debian package in dist/ from the results of the other
 * builds.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildDebianPackage } from './package/debian';

const project = join(__dirname, '..');

const directory = join(project, 'dist');

// Remove packages of other versions, which `dpkg -i dist/*.deb` would also install.
for (const name of readdirSync(directory)) if (name.endsWith('.deb')) rmSync(join(directory, name));
buildDebianPackage(directory).then(
  (archive) => console.log(relative(project, archive)),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);

/** `npm run build:deb`: the Debian package, into dist/, of what the other builds made. */
import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildDebianPackage } from './package/debian';

const project = join(__dirname, '..');

const directory = join(project, 'dist');

// One of another version beside it would be installed with it.
for (const name of readdirSync(directory)) if (name.endsWith('.deb')) rmSync(join(directory, name));
buildDebianPackage(directory).then(
  (archive) => console.log(relative(project, archive)),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);

/** `npm run build:deb`: the Debian package, into dist/, of what the other builds made. */
import { join, relative } from 'node:path';
import { buildDebianPackage } from './package/debian';

const project = join(__dirname, '..');

buildDebianPackage(join(project, 'dist')).then(
  (archive) => console.log(relative(project, archive)),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);

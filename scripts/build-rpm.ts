/** Part of `npm run build:rpm`: builds the RPM in dist/ from the results of the other builds. */
import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildRpm } from './package/rpm';

const project = join(__dirname, '..');

const directory = join(project, 'dist');

// Remove packages of other versions, which `dnf install dist/*.rpm` would also take.
for (const name of readdirSync(directory)) if (name.endsWith('.rpm')) rmSync(join(directory, name));
buildRpm(directory).then(
  (archive) => console.log(relative(project, archive)),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);

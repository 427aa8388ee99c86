/**
 * `npm run build:image`: fills dist/image with what the small image contains: the static executable,
 * licenses and the SBOM. packaging/container/Containerfile.scratch packs it.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fillImage } from './package/image';

const directory = join(__dirname, '../dist/image');

fillImage(directory).then(
  (program) => console.log(`dist/image: ${statSync(program).size} bytes of program`),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);

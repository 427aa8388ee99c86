/** Part of `npm run build`: writes the manual pages to dist/man. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../package.json';
import { releaseDate } from './manual/edition';
import { manualPages } from './manual/pages';

const directory = join(__dirname, '../dist/man');

mkdirSync(directory, { recursive: true });
for (const [name, text] of Object.entries(manualPages({ version, date: releaseDate() }))) {
  writeFileSync(join(directory, name), text);
}

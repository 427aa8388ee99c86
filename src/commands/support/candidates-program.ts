import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The awk program that completion scripts run. In the bundles scripts/build.js replaces this file
 * by its text.
 */
const program = readFileSync(join(__dirname, '../../completion/candidates.awk'), 'utf8');

export default program;

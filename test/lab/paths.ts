import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The project's root directory. */
export const checkout = realpathSync(resolve(__dirname, '../..'));

/** The directory of the scripts that run in guests. */
export const scripts = realpathSync(join(__dirname, 'guest'));

/** The Node that runs this process, and jobs. */
export const node = realpathSync(process.execPath);

import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The project's root directory. */
export const checkout = realpathSync(resolve(__dirname, '../..'));

/** The directory of the scripts that run in guests. */
export const scripts = realpathSync(join(__dirname, 'guest'));

/** The program this process runs in; jobs have the same one. */
export const node = realpathSync(process.execPath);

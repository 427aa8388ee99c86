/** Scripts that run the director daemon in namespaces of the guest, with traffic. */
import { join } from 'node:path';
import { play } from '../setup/ground';

const ground = `traffic=${join(__dirname, '../traffic')}
. ${join(__dirname, 'ground.sh')}`;

/** @returns the lines of the output, standard error included. */
export async function playDirector(script: string): Promise<string[]> {
  return await play(`${ground}\n${script}`);
}

/** The client that settings describe. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { codeOf, errorSentence } from '../../checks/words';
import type { EtcdSettings } from '../../model/ha';
import { EtcdClient, patienceOf } from './client';

/** The longest password, in bytes. */
const LONGEST = 1024;

export function openEtcd(settings: EtcdSettings): EtcdClient {
  const { endpoints, user, passwordFile, ca, certificate, key, ttl } = settings;
  return new EtcdClient({
    endpoints,
    tls: { ca, certificate, key },
    patience: patienceOf(endpoints.length, ttl),
    user:
      user === undefined || passwordFile === undefined
        ? undefined
        : { name: user, password: () => readPassword(passwordFile) },
  });
}

/** The first line of a file that nobody but its owner can read. @throws Error in words. */
export function readPassword(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      if (fstatSync(file).mode & 0o077) throw new Error('others can read it: chmod 600');
      const bytes = Buffer.alloc(LONGEST);
      const line = bytes.toString('utf8', 0, readSync(file, bytes)).split('\n')[0]!;
      if (line === '') throw new Error('it is empty: its first line must be the password');
      return line;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new Error(`${path}: ${codeOf(error) ? errorSentence(error) : (error as Error).message}`);
  }
}

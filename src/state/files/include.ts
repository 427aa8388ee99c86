/** Reads the files that a keepalived.conf includes (parser.c, open_glob_file). */

import { toText } from '../../bytes/byte-text';
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { strerror } from '../../errors/kernel-messages';
import type { InteractiveSystem } from '../../platform/interactive-system';
import type { Includer } from '../keepalived/sources';
import { glob } from './glob';

const TYPE = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;
const EXECUTABLE = 0o111;

/**
 * Patterns are relative to the directory of the file that includes others.
 * @param main the file that is read, as bytes; '-' is standard input.
 * @param most bytes of one file.
 */
export function includerFor(main: string, system: InteractiveSystem, most: number): Includer {
  return {
    files(pattern, from, skipped) {
      const including = from === '' ? main : bytesFromUnicode(from);
      const directory = including.includes('/') ? including.replace(/[^/]*$/, '') : '';
      const bytes = bytesFromUnicode(pattern);
      const paths = glob(bytes.startsWith('/') ? bytes : `${escaped(directory)}${bytes}`, {
        names: (path) => system.readDirectory(path),
        exists: (path) => system.fileMode(path) !== undefined,
      });
      return paths.flatMap((path) => {
        const name = unicodeFromBytes(path);
        const why = unusable(system.fileMode(path));
        const text = why === undefined ? readFile(path, system, most) : { why };
        if (typeof text === 'string') return [{ name, text: unicodeFromBytes(text) }];
        skipped(name, text.why);
        return [];
      });
    },
  };
}

/** The directory is no pattern. */
function escaped(directory: string): string {
  return directory.replace(/[\\*?[\]{}]/g, '\\$&');
}

/** Why keepalived skips a file. */
function unusable(mode = 0): string | undefined {
  if ((mode & TYPE) === DIRECTORY) return 'it is a directory';
  if ((mode & TYPE) !== REGULAR) return 'it is not a regular file';
  return mode & EXECUTABLE ? 'keepalived skips executable files' : undefined;
}

function readFile(path: string, system: InteractiveSystem, most: number): string | { why: string } {
  let failure = 0;
  const parts: string[] = [];
  let size = 0;
  const blocks = system.fileBlocks(path, (errno) => {
    failure = errno;
  });
  for (const block of blocks) {
    size += block.length;
    if (size > most) return { why: `it is larger than ${most / 1e6} MB` };
    parts.push(toText(block));
  }
  const text = parts.join('');
  if (failure !== 0) return { why: strerror(failure) };
  return text.includes('\0') ? { why: 'it is a binary file' } : text;
}

/** The file of a document, and other paths as Node takes them. */
import { toText } from '../bytes/byte-text';
import { unicodeFromBytes } from '../bytes/unicode';
import { strerror } from '../errors/kernel-messages';
import type { InteractiveSystem } from '../platform/interactive-system';
import type { DocumentText } from './route';

const MAX_FILE = 64e6;

/** Reads the file of a document, of whatever format. */
export function readDocumentFile(system: InteractiveSystem, file: string): DocumentText {
  let failure = 0;
  let size = 0;
  const parts: string[] = [];
  const name = unicodeFromBytes(file);
  for (const block of system.fileBlocks(file, (errno) => {
    failure = errno;
  })) {
    size += block.length;
    if (size > MAX_FILE) return { problem: `${name}: it has more than ${MAX_FILE / 1e6} MB` };
    parts.push(toText(block));
  }
  if (failure !== 0) return { problem: `${name}: it cannot be read: ${strerror(failure)}` };
  return { text: unicodeFromBytes(parts.join('')), name };
}

/** @param path one character a byte. */
export function toUnicodePath(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

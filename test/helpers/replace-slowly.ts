/** Replaces the file argv[2] by many blocks, and says on standard error that it has begun. */
import { writeSync } from 'node:fs';
import { replaceFile } from '../../src/engines/node/replace-file';

function* blocks(): Generator<Uint8Array, void> {
  for (let count = 0; count < 100; count++) {
    yield new TextEncoder().encode(`${count}\n`);
    if (count === 1) writeSync(2, 'begun\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
}

void replaceFile(process.argv[2]!, blocks());

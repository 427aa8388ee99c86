/** A number in a file. */
import { constants, promises as files } from 'node:fs';
import { type Attempt, CheckFailure, type Found } from './attempt';
import { errorSentence, isOurs, quoted } from './words';

/** A number of 32 bits has at most 11 characters. */
const MAX_FILE = 64;
const MAX_NUMBER = 2 ** 31 - 1;

export async function checkFile(attempt: Attempt, path: string, weight: number | undefined): Promise<Found> {
  attempt.enter('run');
  const text = await firstLine(path).catch((error) => {
    throw error instanceof CheckFailure
      ? error
      : new CheckFailure(`${path}: ${errorSentence(error)}`, isOurs(error));
  });
  attempt.received(Buffer.from(text, 'latin1'));
  const number = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : undefined;
  if (number === undefined || Math.abs(number) > MAX_NUMBER) {
    throw new CheckFailure(`${path}: ${quoted(text)} is no number`);
  }
  if (weight !== undefined && weight !== 0)
    return { message: `${path}: ${number}`, addedWeight: number * weight };
  if (number !== 0) throw new CheckFailure(`${path}: ${number}, expected 0`);
  return { message: `${path}: 0` };
}

async function firstLine(path: string): Promise<string> {
  // A FIFO without a writer would wait.
  const file = await files.open(Buffer.from(path, 'latin1'), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new CheckFailure(`${path}: not a regular file`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_FILE), 0, MAX_FILE, 0);
    return buffer.toString('latin1', 0, bytesRead).split('\n')[0]!.trim();
  } finally {
    await file.close();
  }
}

/** Reads a FIFO as long as there is one, also when it is made anew. */
import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { Socket } from 'node:net';

/** Milliseconds between two looks at the path. */
const LOOK = 1000;

/**
 * @param problem why it cannot be read; undefined: it can.
 * @returns what ends it.
 */
export function listenToFifo(
  path: string,
  heard: (text: string) => void,
  problem: (text: string | undefined) => void,
  every = LOOK,
): () => void {
  let open: { readonly socket: Socket; readonly identity: string } | undefined;
  const close = () => {
    open?.socket.destroy();
    open = undefined;
  };
  const look = () => {
    try {
      if (open && identityOf(path) === open.identity && !open.socket.destroyed) return;
      close();
      open = openFifo(path, heard);
      problem(undefined);
    } catch (error) {
      close();
      problem(`${path}: ${(error as Error).message}`);
    }
  };
  look();
  const timer = setInterval(look, every);
  return () => {
    clearInterval(timer);
    close();
  };
}

function openFifo(path: string, heard: (text: string) => void) {
  // For writing as well: the end of the last writer is no end of the file then.
  const file = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  const about = fstatSync(file);
  if (!about.isFIFO()) {
    closeSync(file);
    throw new Error('it is no FIFO');
  }
  const socket = new Socket({ fd: file, readable: true, writable: false });
  socket
    .setEncoding('latin1')
    .on('data', heard)
    .on('error', () => {});
  return { socket, identity: `${about.dev}:${about.ino}` };
}

function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

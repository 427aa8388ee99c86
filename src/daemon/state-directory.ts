/**
 * The daemon's state files: `owned` and `health` in a directory that ends with the machine, the others
 * in one that stays. A reader sees the old file or the new one, of what stays also after a crash of the
 * machine.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { StateFile } from '../director/world';

/** A document of 64 MB, in JSON. */
const MAX_SIZE = 256 * 1024 * 1024;

const ofThisBoot: ReadonlySet<StateFile> = new Set(['owned', 'health']);
/**
 * What may be lost with the machine's power: that of this boot, which is void then, and events, which
 * come by the second. Each sync takes time.
 */
const unsynced: ReadonlySet<StateFile> = new Set([...ofThisBoot, 'events']);

export class StateDirectory {
  /** Why a directory cannot be made: the daemon goes on without it, but knows less after a restart. */
  readonly problems: readonly string[];

  /** @throws Error in words if a directory belongs to somebody else. */
  constructor(
    readonly run: string,
    readonly lasting: string,
  ) {
    this.problems = [run, lasting].flatMap((path) => makeOwn(path) ?? []);
  }

  read(name: StateFile): string | undefined {
    let file: number;
    try {
      file = openSync(this.#path(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const about = fstatSync(file);
      if (!about.isFile()) throw new Error('it is no regular file');
      if (about.size > MAX_SIZE) throw new Error(`it is larger than ${MAX_SIZE / 1024 / 1024} MiB`);
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  }

  write(name: StateFile, text: string): void {
    const path = this.#path(name);
    const made = `${path}.new`;
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
    try {
      const file = openSync(made, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
      try {
        writeFileSync(file, text);
        if (!unsynced.has(name)) fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(made, path);
    } catch (error) {
      // On a full disk the unfinished file would keep the space.
      rmSync(made, { force: true });
      throw error;
    }
    if (!unsynced.has(name)) this.#syncDirectory(name);
  }

  remove(name: StateFile): void {
    rmSync(this.#path(name), { force: true });
  }

  #path(name: StateFile): string {
    return `${this.#directory(name)}/${name}.json`;
  }

  #directory(name: StateFile): string {
    return ofThisBoot.has(name) ? this.run : this.lasting;
  }

  #syncDirectory(name: StateFile): void {
    const directory = openSync(this.#directory(name), constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  }
}

/**
 * Makes a directory of mode 0700, or takes one that only this user can write.
 * @returns why it cannot be made.
 */
function makeOwn(path: string): string | undefined {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    return `${path} cannot be made: ${(error as Error).message}`;
  }
  const about = lstatSync(path);
  if (!about.isDirectory()) throw new Error(`${path}: it is no directory`);
  if (about.uid !== process.geteuid!()) throw new Error(`${path}: it belongs to another user`);
  try {
    if ((about.mode & 0o077) !== 0) chmodSync(path, 0o700);
  } catch (error) {
    return `${path} cannot be closed to others: ${(error as Error).message}`;
  }
  return undefined;
}

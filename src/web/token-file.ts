/** The file of tokens as the server reads it: again whenever somebody has replaced it. */
import { readFileSync, statSync } from 'node:fs';
import { parseTokens, type WebToken } from './tokens';

/** A stat of a file that others cannot write costs less than keeping track of its changes. */
export class TokenFile {
  #tokens: readonly WebToken[] = [];
  #read = '';
  #problem: string | undefined;

  constructor(readonly path: string) {}

  /** Why nobody can log in; undefined: the file is well, or is not there. */
  get problem(): string | undefined {
    this.tokens();
    return this.#problem;
  }

  /** None if it cannot be read: who has logged in then has not any more. */
  tokens(): readonly WebToken[] {
    try {
      const state = this.#state();
      if (state === this.#read) return this.#tokens;
      this.#tokens = [];
      this.#problem = undefined;
      const text = state === '' ? undefined : readFileSync(this.path, 'utf8');
      // One that could not be read, as without descriptors, is read again.
      this.#read = state;
      if (text !== undefined) this.#tokens = parseTokens(text);
    } catch (error) {
      this.#tokens = [];
      this.#problem = `${this.path}: ${(error as Error).message}`;
    }
    return this.#tokens;
  }

  #state(): string {
    const about = statSync(this.path, { throwIfNoEntry: false, bigint: true });
    return about === undefined ? '' : `${about.ino} ${about.size} ${about.mtimeNs} ${about.ctimeNs}`;
  }
}

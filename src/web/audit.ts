/** What was done through the page and its API: lines of JSON in a file, of which some are kept. */
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { visibleUnicodeWord } from '../bytes/visible';
import type { AuditEntry } from './contract';

/** Then a new file is begun; the one before stays. */
const MAX_FILE = 2 * 1024 * 1024;
const MAX_TEXT = 300;
const SHOWN = 500;

export class AuditLog {
  #failed = false;

  /** @param say hears once that the file cannot be written: what was done is in the daemon's log, too. */
  constructor(
    readonly path: string,
    readonly say: (text: string) => void,
  ) {}

  add(entry: AuditEntry): void {
    const action = clean(entry.action);
    const outcome = clean(entry.outcome);
    this.say(`${entry.author} (${entry.role}, ${entry.from}): ${action}: ${outcome}`);
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      const size = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > MAX_FILE) renameSync(this.path, `${this.path}.1`);
      appendFileSync(this.path, `${JSON.stringify({ ...entry, action, outcome })}\n`, { mode: 0o600 });
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.say(`alarm: no audit log: ${(error as Error).message}`);
      this.#failed = true;
    }
  }

  /** Newest first. */
  entries(): AuditEntry[] {
    const found = [this.path, `${this.path}.1`].flatMap((path) => linesOf(path).reverse());
    return found.slice(0, SHOWN);
  }
}

function linesOf(path: string): AuditEntry[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as AuditEntry];
    } catch {
      return []; // a line that a full disk has cut
    }
  });
}

function clean(text: string): string {
  return visibleUnicodeWord(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text);
}

/** What was done through the page and its API: lines of JSON in a file, of which some are kept. */
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { visibleUnicodeWord } from '../bytes/visible';
import type { AuditEntry } from './contract';

/** Then a new file is begun; the one before stays. */
const MAX_FILE = 2 * 1024 * 1024;
const MAX_TEXT = 300;
const SHOWN = 500;
/** Of what has changed nothing, by one author: so that nobody writes until older entries are gone. */
const IDLE_ENTRIES = 30;
const WITHIN = 60_000;

export class AuditLog {
  #failed = false;
  /** How many entries that changed nothing there were since `#since`, by author. */
  readonly #idle = new Map<string, number>();
  #since = Number.NEGATIVE_INFINITY;

  /** @param say hears once that the file cannot be written: what was done is in the daemon's log, too. */
  constructor(
    readonly path: string,
    readonly say: (text: string) => void,
  ) {}

  /** Adds what has changed nothing: a refusal, a login. Those that come too fast are left out. */
  addIdle(entry: AuditEntry): void {
    if (Math.abs(entry.at - this.#since) > WITHIN) {
      this.#idle.clear();
      this.#since = entry.at;
    }
    const count = (this.#idle.get(entry.author) ?? 0) + 1;
    this.#idle.set(entry.author, count);
    if (count > IDLE_ENTRIES) return;
    const more = count === IDLE_ENTRIES ? ' (more of these within a minute are left out)' : '';
    this.add({ ...entry, outcome: `${entry.outcome}${more}` });
  }

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
    const found = linesOf(this.path, SHOWN);
    return found.length === SHOWN ? found : [...found, ...linesOf(`${this.path}.1`, SHOWN - found.length)];
  }
}

/** The last entries of a file, the last one first. */
function linesOf(path: string, most: number): AuditEntry[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  const found: AuditEntry[] = [];
  for (const line of text.split('\n').reverse()) {
    if (found.length === most) break;
    try {
      if (line !== '') found.push(JSON.parse(line) as AuditEntry);
    } catch {
      // a line that a full disk has cut
    }
  }
  return found;
}

function clean(text: string): string {
  return visibleUnicodeWord(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text);
}

/** The lines of a keepalived.conf and of the files that it includes. */
import type { Diagnostics } from '../source/collect';
import type { Span } from '../source/diagnostics';
import { uncommented } from './comments';
import { MAX_LINE } from './definitions';
import { slice, spanOf, type Text } from './text';

export interface IncludedFile {
  readonly name: string;
  readonly text: string;
}

/** Reads the files that a pattern of an include matches. */
export interface Includer {
  /**
   * @param from the file with the include, as `IncludedFile.name` or ''.
   * @param skipped receives each file that keepalived skips, and why.
   */
  files(pattern: string, from: string, skipped: (name: string, why: string) => void): readonly IncludedFile[];
}

export interface Sources {
  /** The next line without its comment; undefined at the end. Empty lines have an empty text. */
  next(): Text | undefined;
  include(pattern: string, kind: string, at: Span): void;
  /** All files in one text, and where each included one begins. */
  readonly all: { readonly text: string; readonly parts: readonly { offset: number; name: string }[] };
  /** Nothing more is read. */
  stop(): void;
}

/** keepalived stops at the limit of open files, with what it has read until then. */
const MAX_DEPTH = 16;

/** How many characters all files together may have. */
const MAX_CHARACTERS = 64e6;

type Fault = 'unusable' | 'missing' | 'wildcard' | 'brace';

/** What keepalived does not start with, by the keyword of the include. */
const fatal: Readonly<Record<string, readonly Fault[]>> = {
  includer: ['unusable'],
  includem: ['unusable', 'missing'],
  includew: ['unusable', 'missing', 'wildcard'],
  includeb: ['unusable', 'brace'],
  includea: ['unusable', 'missing', 'wildcard', 'brace'],
};

interface Opened {
  readonly name: string;
  readonly depth: number;
  readonly end: number;
  at: number;
}

export function openSources(text: string, diagnostics: Diagnostics, includer: Includer | undefined): Sources {
  let all = text;
  const parts: { offset: number; name: string }[] = [];
  const open: Opened[] = [{ name: '', depth: 0, at: 0, end: text.length }];
  const lines: Text[] = []; // the rest of a line that was cut
  return {
    next: () => lines.pop() ?? nextLine(),
    include,
    get all() {
      return { text: all, parts };
    },
    stop: () => open.splice(0),
  };

  function nextLine(): Text | undefined {
    for (let file = open.at(-1); file; file = open.at(-1)) {
      if (file.at >= file.end) {
        open.pop();
        continue;
      }
      const newline = all.indexOf('\n', file.at);
      const stop = newline < 0 || newline > file.end ? file.end : newline;
      const start = file.at;
      file.at = stop + 1;
      // No character has more than three bytes for each of its UTF-16 units.
      if (stop - start > MAX_LINE / 3 && cut(start, stop)) return lines.pop();
      return lineAt(start, stop);
    }
    return undefined;
  }

  /** Cuts a line that is longer than keepalived's buffer, as fgets(3) does. */
  function cut(start: number, stop: number): boolean {
    const cuts = cutsOf(all.slice(start, stop));
    if (cuts.length === 0) return false;
    diagnostics.warn(
      { offset: start + cuts[0]!, length: 1 },
      `keepalived cuts lines after ${MAX_LINE} bytes: another line begins here`,
    );
    const starts = [0, ...cuts].map((at) => start + at);
    lines.push(...starts.map((from, index) => lineAt(from, starts[index + 1] ?? stop)).reverse());
    return true;
  }

  function lineAt(start: number, stop: number): Text {
    let end = stop;
    while (end > start && all[end - 1] === '\r') end -= 1;
    const line = uncommented({ text: all.slice(start, end), offset: start }, diagnostics);
    if (!/[!#\\]/.test(line.text)) return line;
    // One process of keepalived removes comments, and the others do so again in the result.
    if (line.text.startsWith('!')) {
      diagnostics.error(spanOf(line, 0, 1), "keepalived cannot read a line that begins with '\\!'");
      return slice(line, 0, 0);
    }
    return line.text.startsWith('#') ? slice(line, 0, 0) : uncommented(line, diagnostics);
  }

  function include(pattern: string, kind: string, at: Span): void {
    if (!includer) {
      diagnostics.error(at, `'${kind}' requires the name of the file that includes others`);
      return;
    }
    const { name: from = '', depth = 0 } = open.at(-1) ?? {};
    if (depth >= MAX_DEPTH) {
      diagnostics.error(at, `files include each other more than ${MAX_DEPTH} deep`);
      return;
    }
    const tell = (fault: Fault, message: string) =>
      fatal[kind]?.includes(fault) ? diagnostics.error(at, message) : diagnostics.warn(at, message);
    let told = false;
    const files = includer.files(pattern, from, (name, why) => {
      told = true;
      tell('unusable', `'${name}' is not included: ${why}`);
    });
    if (files.length === 0 && !told) {
      const fault = pattern.includes('{') ? 'brace' : /[*?[]/.test(pattern) ? 'wildcard' : 'missing';
      tell(fault, `'${pattern}' matches no file`);
    }
    const opened: Opened[] = [];
    for (const { name, text: inner } of files) {
      if (all.length + inner.length > MAX_CHARACTERS) {
        diagnostics.error(at, `the files have more than ${MAX_CHARACTERS / 1e6} million characters`);
        break;
      }
      if (!all.endsWith('\n')) all += '\n';
      parts.push({ offset: all.length, name });
      opened.push({ name, depth: depth + 1, at: all.length, end: all.length + inner.length });
      all += inner;
    }
    open.push(...opened.reverse());
  }
}

/** Where a line is cut: after each 1023 bytes of it with its newline. */
function cutsOf(line: string): number[] {
  const cuts: number[] = [];
  let bytes = 0;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    const size =
      code < 0x80 || (code >= 0xdc80 && code <= 0xdcff) ? 1 : code < 0x800 ? 2 : isHalf(code) ? 2 : 3;
    if (bytes + size > MAX_LINE) {
      cuts.push(at);
      bytes = 0;
    }
    bytes += size;
  }
  if (bytes === MAX_LINE) cuts.push(line.length);
  return cuts;
}

/** Half of a character of four bytes. */
function isHalf(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

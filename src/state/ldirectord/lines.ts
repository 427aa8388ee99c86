/**
 * Parses an ldirectord.cf into global directives and the sections of virtual services, line by line
 * as ldirectord itself does.
 */
import type { Diagnostics, Word } from '../source/collect';

/** NAME = VALUE */
export interface Setting {
  readonly name: Word;
  /** What follows the equals sign and white space, to the end of the line; '' if nothing does. */
  readonly value: Word;
  /** Whether there is no equals sign. */
  readonly bare: boolean;
}

export interface Section {
  /** The directive virtual or virtual6. */
  readonly head: Setting;
  readonly settings: readonly Setting[];
}

export interface File {
  readonly globals: readonly Setting[];
  readonly sections: readonly Section[];
}

/**
 * Perl's \s within a line, for text that it reads as bytes. JavaScript's has further characters.
 */
export const blank = String.raw`[ \t\v\f\r]`;

const MAX_LINE_LENGTH = 16 * 1024;

const notBlank = /[^ \t\v\f\r]/;
const emptyLine = new RegExp(`^${blank}*$`);
const commentLine = new RegExp(`^${blank}*#`);
const assignment = new RegExp(`^([A-Za-z0-9_-]+)(${blank}*=${blank}*)`);

/**
 * A section consists of the lines after its head that are indented by four columns, where a tab
 * counts as four. Lines that begin with # do not end it.
 */
export function readLines(text: string, diagnostics: Diagnostics, start = 0): File {
  const globals: Setting[] = [];
  const sections: Section[] = [];
  let settings: Setting[] | undefined;
  for (let at = start; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    const offset = at;
    at = end + 1;
    if (commentLine.test(line)) continue;
    if (line.length > MAX_LINE_LENGTH) {
      diagnostics.error({ offset, length: 1 }, `this line is longer than ${MAX_LINE_LENGTH} characters`);
      break;
    }
    if (settings) {
      const own = ownPart(line);
      if (own) {
        const setting = settingOf(own.text, offset + own.indent);
        if (setting) settings.push(setting);
        else unknownLine(own.text, offset + own.indent, diagnostics);
        continue;
      }
      settings = undefined;
    }
    if (emptyLine.test(line)) continue;
    const setting = settingOf(line, offset);
    if (!setting) {
      unknownLine(line, offset, diagnostics);
    } else if (!setting.bare && /^virtual6?$/.test(setting.name.text)) {
      settings = [];
      sections.push({ head: setting, settings });
      // At the end of the file ldirectord takes the line that it read last for the next line.
      if (at >= text.length)
        diagnostics.error(
          setting.name,
          'ldirectord refuses a virtual service on the last line, which it reads twice',
          'add its real servers, or an empty line',
        );
    } else globals.push(setting);
  }
  return { globals, sections };
}

/** Returns the line of a section without indent and comment, or undefined for another line. */
function ownPart(line: string): { indent: number; text: string } | undefined {
  const code = line.replace(/#.*$/s, '');
  const indent = /^[ \t]*/.exec(code)![0];
  const columns = indent.length + 3 * (indent.split('\t').length - 1);
  if (columns < 4 || (code.length === indent.length && columns === 4)) return undefined;
  return { indent: indent.length, text: code.slice(indent.length) };
}

function unknownLine(line: string, offset: number, diagnostics: Diagnostics): void {
  const start = line.search(notBlank);
  if (start < 0) {
    diagnostics.error(
      { offset, length: 1 },
      'ldirectord refuses a line of more than four blanks in the section of a virtual service',
      'an empty line, which ends the section',
    );
    return;
  }
  const place = { offset: offset + start, length: line.trim().length };
  if (start > 0)
    diagnostics.error(
      place,
      'this indented line is not in the section of a virtual service',
      'a section is indented by four spaces or a tab and ends at a line that is not',
    );
  else diagnostics.error(place, 'expected NAME = VALUE');
}

/** Parses NAME = VALUE, or NAME alone, as in `supervised`. */
function settingOf(line: string, offset: number): Setting | undefined {
  const match = assignment.exec(line);
  if (match) {
    const from = match[0].length;
    return {
      name: wordAt(line, 0, match[1]!.length, offset),
      value: wordAt(line, from, line.length, offset),
      bare: false,
    };
  }
  const name = /^[A-Za-z0-9_-]+/.exec(line)?.[0];
  if (name === undefined || !emptyLine.test(line.slice(name.length))) return undefined;
  const end = name.length;
  return { name: wordAt(line, 0, end, offset), value: wordAt(line, end, end, offset), bare: true };
}

/** The marked part of a word ends before white space at its end. */
function wordAt(line: string, start: number, end: number, offset: number): Word {
  const text = line.slice(start, end);
  return { offset: offset + start, length: Math.max(1, text.trimEnd().length), text };
}

/** Returns a part of a word with its position. */
export function partOf(word: Word, start: number, length: number): Word {
  return {
    offset: word.offset + start,
    length: Math.max(1, length),
    text: word.text.slice(start, start + length),
  };
}

const harmless = /^[ \t\v\f\r"']*(#.*)?$/s;

/** Warns of the parts of a value that ldirectord ignores. Quotes and comments need no warning. */
export function warnOfRest(value: Word, start: number, length: number, diagnostics: Diagnostics): void {
  const after = value.text.slice(start + length);
  const before = value.text.slice(0, start);
  if (!harmless.test(before)) warnOfIgnored(partOf(value, 0, start), diagnostics);
  if (!harmless.test(after)) warnOfIgnored(partOf(value, start + length, after.length), diagnostics);
}

/** Warns of words that ldirectord passes over. */
export function warnOfIgnored(words: Word, diagnostics: Diagnostics): void {
  const start = words.text.search(notBlank);
  const text = words.text.trim().replace(/\s+#.*$/s, '');
  if (start < 0) return;
  diagnostics.warn(partOf(words, start, text.length), `ldirectord ignores '${text}' here`);
}

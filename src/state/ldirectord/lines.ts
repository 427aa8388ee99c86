/** Parses an ldirectord.cf into global directives and the sections of virtual services. */
import type { Diagnostics, Word } from '../source/collect';
import type { Span } from '../source/diagnostics';

/** NAME = VALUE */
export interface Setting {
  readonly name: Word;
  /** Without surrounding white space; '' when there is none. */
  readonly value: Word;
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

const MAX_LINE_LENGTH = 64 * 1024;

/** A section consists of the lines after its head that are indented by four spaces or a tab. */
export function readLines(text: string, diagnostics: Diagnostics): File {
  const globals: Setting[] = [];
  const sections: Section[] = [];
  let settings: Setting[] | undefined;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    const offset = at;
    at = end + 1;
    if (line.length > MAX_LINE_LENGTH) {
      diagnostics.error({ offset, length: 1 }, `this line is longer than ${MAX_LINE_LENGTH} characters`);
      break;
    }
    if (/^[ \t\n\v\f\r]*#/.test(line)) continue;
    if (settings && /^ {0,3}(\t| {4})/.test(line)) {
      const setting = settingOf(line.replace(/#.*/, ''), offset, diagnostics);
      if (setting) settings.push(setting);
      continue;
    }
    settings = undefined;
    if (isBlank(line)) continue;
    if (/^[ \t\n\v\f\r]/.test(line)) {
      const start = line.search(NOT_BLANK);
      const place = { offset: offset + start, length: endOf(line) - start };
      diagnostics.error(
        place,
        'this indented line is not in the section of a virtual service',
        'a section is indented by four spaces or a tab and ends at an empty line',
      );
      continue;
    }
    const setting = settingOf(line, offset, diagnostics);
    if (setting && /^virtual6?$/.test(setting.name.text)) {
      settings = [];
      sections.push({ head: setting, settings });
    } else if (setting) globals.push(setting);
  }
  return { globals, sections };
}

/** Parses NAME = VALUE, or NAME alone, as in `supervised`. */
function settingOf(line: string, offset: number, diagnostics: Diagnostics): Setting | undefined {
  const match =
    /^([ \t\n\v\f\r]*)([^ \t\n\v\f\r=]+)([ \t\n\v\f\r]*=[ \t\n\v\f\r]*|[ \t\n\v\f\r]*$)(.*)$/s.exec(line);
  if (!match) {
    if (!isBlank(line))
      diagnostics.error(wordAt(line, line.search(NOT_BLANK), endOf(line), offset), 'expected NAME = VALUE');
    return undefined;
  }
  const [, indent, name, equals] = match;
  const start = indent!.length;
  const from = start + name!.length + equals!.length;
  const to = Math.max(from, endOf(line));
  return { name: wordAt(line, start, start + name!.length, offset), value: wordAt(line, from, to, offset) };
}

/** Perl's \s for bytes; JavaScript's takes U+00A0 and others for white space too. */
const NOT_BLANK = /[^ \t\n\v\f\r]/;

function isBlank(line: string): boolean {
  return !NOT_BLANK.test(line);
}

/** The end of a line without the white space behind it. */
function endOf(line: string): number {
  let end = line.length;
  while (end > 0 && !NOT_BLANK.test(line[end - 1]!)) end -= 1;
  return end;
}

function wordAt(line: string, start: number, end: number, offset: number): Word {
  const span: Span = { offset: offset + start, length: Math.max(1, end - start) };
  return { ...span, text: line.slice(start, end) };
}

/** Returns a part of a word with its position. */
export function partOf(word: Word, start: number, length: number): Word {
  return {
    offset: word.offset + start,
    length: Math.max(1, length),
    text: word.text.slice(start, start + length),
  };
}

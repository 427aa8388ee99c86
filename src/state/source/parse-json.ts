/** Parses strict JSON; jsonc-parser names the mistakes of a text that is not JSON. A separate bundle. */
import { type ParseError, printParseErrorCode, visit } from 'jsonc-parser';
import { tooDeep } from './depth';
import type { Problem } from './diagnostics';
import { fastJson } from './fast-json';
import { MAX_PROBLEMS } from './problem-list';
import { readJson } from './read-json';
import { placesOf, Refused, type Sink, ValueSink } from './sink';
import { type Parsed, type SourceDocument, TOO_DEEP } from './tree';

export function parseJson(text: string): Parsed {
  const fast = fastJson(text);
  return fast ? { document: documentOf(text, fast.value), problems: [] } : parsePlainly(text);
}

/** Without the fast path. */
export function parsePlainly(text: string): Parsed {
  const sink = new ValueSink();
  try {
    if (!readJson(text, sink)) return { problems: mistakesIn(text) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { problems: [error.problem] };
  }
  return { document: documentOf(text, sink.value), problems: sink.problems };
}

function documentOf(text: string, value: unknown): SourceDocument {
  const read = (places: Sink) => {
    readJson(text, places);
  };
  return { value, places: (wanted) => placesOf(read, wanted) };
}

function mistakesIn(text: string): Problem[] {
  const deep = tooDeep(text);
  if (deep !== undefined) {
    return [{ span: { offset: deep, length: 1 }, message: TOO_DEEP, severity: 'error' }];
  }
  const errors: ParseError[] = [];
  const onError = (error: number, offset: number, length: number) => {
    if (errors.length <= MAX_PROBLEMS) errors.push({ error, offset, length });
  };
  visit(text, { onError }, { disallowComments: true, allowTrailingComma: false });
  return distinct(errors, text);
}

/** Messages by jsonc-parser's names of its error codes. */
const messages: Readonly<Record<string, string>> = {
  InvalidSymbol: 'not JSON: strings need double quotes',
  InvalidNumberFormat: 'not a JSON number',
  PropertyNameExpected: 'expected the name of a field, in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: "expected ':'",
  CommaExpected: "expected ','",
  CloseBraceExpected: "expected '}'",
  CloseBracketExpected: "expected ']'",
  EndOfFileExpected: 'unexpected text after the end of the document',
  InvalidCommentToken: 'JSON does not allow comments',
  UnexpectedEndOfComment: 'JSON does not allow comments',
  UnexpectedEndOfString: 'unterminated string',
  UnexpectedEndOfNumber: 'incomplete number',
  InvalidUnicode: 'expected four hexadecimal digits after \\u',
  InvalidEscapeCharacter: 'invalid escape sequence in a JSON string',
  InvalidCharacter: 'control character in a JSON string: write \\u00XX',
};

/**
 * After a mistake the parser's guesses lead to more errors: only the first at each place is
 * reported.
 */
function distinct(errors: readonly ParseError[], text: string): Problem[] {
  if (errors.length === 0) return [{ message: 'is not JSON', severity: 'error' }];
  let last = -1;
  return errors
    .filter(({ offset }) => {
      const next = offset > last;
      last = Math.max(last, offset);
      return next;
    })
    .map(({ error, offset, length }) => {
      const name = printParseErrorCode(error);
      const ended = text.slice(offset).trim() === '';
      const message = messages[name] ?? name;
      return {
        span: ended ? endOf(text) : { offset, length },
        message: ended ? `unexpected end of the document: ${message}` : message,
        severity: 'error' as const,
      };
    });
}

/** The last character that is not white space. */
function endOf(text: string) {
  return { offset: Math.max(0, text.trimEnd().length - 1), length: 1 };
}

/** Parses strict JSON with the place of each value (jsonc-parser). A separate bundle. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Problem } from './diagnostics';
import { type Parsed, type SourceNode, TOO_DEEP, tooDeep } from './tree';

export function parseJson(text: string): Parsed {
  const deep = tooDeep(text);
  if (deep !== undefined) {
    return { problems: [{ span: { offset: deep, length: 1 }, message: TOO_DEEP, severity: 'error' }] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (errors.length > 0 || !tree) return { problems: distinct(errors, text) };
  const problems: Problem[] = [];
  const root = toNode(tree, problems);
  return { root, problems };
}

function toNode(node: Node, problems: Problem[]): SourceNode {
  const span = { offset: node.offset, length: node.length };
  if (node.type === 'array') {
    return { span, kind: 'list', items: (node.children ?? []).map((item) => toNode(item, problems)) };
  }
  if (node.type !== 'object') return { span, kind: 'scalar', value: node.value };
  const fields = new Map<string, { name: { offset: number; length: number }; node: SourceNode }>();
  for (const { children } of node.children ?? []) {
    const [key, value] = children as [Node, Node];
    const name = { offset: key.offset, length: key.length };
    if (fields.has(key.value)) {
      problems.push({ span: name, message: `duplicate field '${key.value}'`, severity: 'error' });
    } else fields.set(key.value, { name, node: toNode(value, problems) });
  }
  return { span, kind: 'object', fields };
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
  if (errors.length === 0) return [{ message: 'the document is empty', severity: 'error' }];
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

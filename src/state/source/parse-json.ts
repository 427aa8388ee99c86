/** JSON with positions, by jsonc-parser held to strict JSON. A bundle of its own. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Problem } from './diagnostics';
import { MAX_DEPTH, type Parsed, type SourceNode, tooDeep } from './tree';

export function parseJson(text: string): Parsed {
  const deep = tooDeep(text);
  if (deep !== undefined) {
    const message = `objects and lists stand more than ${MAX_DEPTH} deep in each other`;
    return { problems: [{ span: { offset: deep, length: 1 }, message, severity: 'error' }] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  // Behind a mistake, the parser's guesses make more: only one is told of each place.
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
      problems.push({ span: name, message: `'${key.value}' is there twice`, severity: 'error' });
    } else fields.set(key.value, { name, node: toNode(value, problems) });
  }
  return { span, kind: 'object', fields };
}

/** By jsonc-parser's names of its error codes. */
const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is not JSON: texts stand in double quotes',
  InvalidNumberFormat: 'this is no number of JSON',
  PropertyNameExpected: 'the name of a field is expected here, in double quotes',
  ValueExpected: 'a value is expected here',
  ColonExpected: "':' is expected here",
  CommaExpected: "',' is expected here",
  CloseBraceExpected: "'}' is expected here",
  CloseBracketExpected: "']' is expected here",
  EndOfFileExpected: 'something follows the end of the document',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'the text does not end on its line',
  UnexpectedEndOfNumber: 'the number is not whole',
  InvalidUnicode: 'four hexadecimal digits are expected behind \\u',
  InvalidEscapeCharacter: 'no such escape in a text of JSON',
  InvalidCharacter: 'a text of JSON has no control characters: write \\u00XX',
};

function distinct(errors: readonly ParseError[], text: string): Problem[] {
  if (errors.length === 0) return [{ message: 'there is nothing in it', severity: 'error' }];
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
      const message = sentences[name] ?? name;
      return {
        span: ended ? endOf(text) : { offset, length },
        message: ended ? `the document ends in the middle: ${message}` : message,
        severity: 'error' as const,
      };
    });
}

/** The last character that is not white space. */
function endOf(text: string) {
  return { offset: Math.max(0, text.trimEnd().length - 1), length: 1 };
}

/** Parses YAML 1.2 with the place of each value. A separate bundle. */
import { Composer, type Document, type Node, Parser, type YAMLError } from 'yaml';
import { tooDeep } from './depth';
import type { Problem, Span } from './diagnostics';
import { ProblemList } from './problem-list';
import { readPlainYaml } from './read-plain-yaml';
import { placesOf, Refused, type Sink, ValueSink } from './sink';
import { type Parsed, TOO_DEEP } from './tree';
import { YamlTree } from './yaml-tree';

export function parseYaml(text: string): Parsed {
  const sink = new ValueSink();
  try {
    if (!readPlainYaml(text, sink)) return parseAnyYaml(text);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { problems: [error.problem] };
  }
  const { value, problems } = sink;
  const read = (places: Sink) => {
    readPlainYaml(text, places);
  };
  return { document: { value, places: (wanted) => placesOf(read, wanted) }, problems };
}

/** Parses YAML of any form with the yaml package. */
export function parseAnyYaml(text: string): Parsed {
  const deep = tooDeep(text);
  if (deep !== undefined) return failed({ offset: deep, length: 1 }, TOO_DEEP);
  const excess = excessIn(text);
  if (excess) return { problems: [excess] };
  let documents: Document.Parsed[];
  try {
    documents = firstDocuments(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed(undefined, TOO_DEEP); // the parser is recursive
  }
  const [document, second] = documents;
  if (!document?.contents) return failed(undefined, 'the document is empty');
  const broken = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  if (broken.length > 0) return { problems: problemsOf(broken) };
  if (second) {
    const offset = second.range?.[0] ?? text.length;
    return failed({ offset, length: 1 }, 'a second document begins here: only one per file is allowed');
  }
  const tree = new YamlTree(document);
  try {
    const value = tree.valueOf(document.contents as Node);
    return { document: { value, places: (wanted) => tree.places(wanted) }, problems: tree.problems };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { problems: [error.problem] };
  }
}

function firstDocuments(text: string): Document.Parsed[] {
  const composer = new Composer({ prettyErrors: false, stringKeys: true, uniqueKeys: false });
  const documents: Document.Parsed[] = [];
  for (const document of composer.compose(new Parser().parse(text), true, text.length)) {
    documents.push(document);
    if (documents.length > 1) break;
  }
  return documents;
}

/** The package needs one or two kilobytes of memory for each of the marks that separate values. */
const MAX_MARKS = 1_250_000;
/** The package needs 32 bytes of memory for each character of a text in quotes. */
const MAX_CHARACTERS = 16e6;

/** The problem of a text that would take the package too much memory. */
function excessIn(text: string): Problem | undefined {
  const mark = tooMany(text);
  const offset = mark ?? MAX_CHARACTERS;
  if (offset >= text.length) return undefined;
  const most = mark === undefined ? `${MAX_CHARACTERS / 1e6} MB` : `${MAX_MARKS} values`;
  return {
    span: { offset, length: 1 },
    message: `more than ${most} in this form of YAML`,
    hint: 'without tabs and texts of several lines a file may be larger; or use JSON',
    severity: 'error',
  };
}

function tooMany(text: string): number | undefined {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isMark = code === 0x0a || code === 0x2c || code === 0x2d || code === 0x3a || code === 0x3f;
    if (!isMark && code !== 0x5b && code !== 0x7b) continue;
    count += 1;
    if (count > MAX_MARKS) return at;
  }
  return undefined;
}

function failed(span: Span | undefined, message: string): Parsed {
  return { problems: [{ span, message, severity: 'error' }] };
}

function problemsOf(errors: readonly YAMLError[]): readonly Problem[] {
  const list = new ProblemList<Problem>();
  for (const error of errors) list.add(toProblem(error));
  return list.problems;
}

/** Messages by the yaml package's error codes, where its own are not for users. */
const messages: Readonly<Record<string, string>> = {
  // The parser catches its own stack overflow.
  RESOURCE_EXHAUSTION: TOO_DEEP,
  TAB_AS_INDENT: 'a tab cannot indent: use spaces',
};

function toProblem({ code, message, pos: [from, to] }: YAMLError): Problem {
  return {
    span: { offset: from, length: Math.max(1, to - from) },
    message: messages[code] ?? message.replace(/\s+/g, ' '),
    severity: 'error',
  };
}

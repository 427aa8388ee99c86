/**
 * A state document in YAML, from its JSON: services as blocks, each real server on a line, for
 * comparison by line; and whatever else --yaml prints. A separate bundle.
 */

import { Document, isMap, isSeq, type Node, type YAMLMap } from 'yaml';
import { bytesFromUnicode } from '../../bytes/unicode';

/** Members of a list and of the document are written one after the other. */
const options = { lineWidth: 0, indentSeq: false } as const;

/** @param json the text of a document. @returns text of one character a byte. */
export function* yamlText(json: string): Generator<string, void> {
  const document = JSON.parse(json) as unknown;
  if (isList(document)) yield* listText(document);
  else if (typeof document !== 'object' || Object.keys(document ?? {}).length === 0) {
    yield blockOf(document, () => {});
  } else {
    for (const [name, value] of Object.entries(document!)) {
      if (!isList(value)) yield blockOf({ [name]: value }, (map) => shorten(map.items[0]!.value));
      else {
        yield `${name}:\n`;
        yield* listText(value);
      }
    }
  }
}

/** Whether it is a list with members. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function* listText(list: readonly unknown[]): Generator<string, void> {
  for (const one of list) yield blockOf([one], ({ items }) => shortenParts(items[0]));
}

// biome-ignore lint/suspicious/noExplicitAny: a map or a list, as the value is
function blockOf(value: unknown, lay: (contents: any) => void): string {
  const document = new Document(value);
  lay(document.contents);
  return bytesFromUnicode(document.toString(options));
}

/** What a service has, and other objects have, in a list is a line each. */
function shortenParts(node: unknown): void {
  if (!isMap(node)) return;
  for (const { value } of (node as YAMLMap<Node, Node>).items) shorten(value);
}

/** The members of a list are a line each; an object of a member is a line. */
function shorten(node: unknown): void {
  if (isSeq(node)) {
    for (const item of node.items) if (isMap(item) || isSeq(item)) item.flow = true;
  } else if (isMap(node)) {
    for (const { value } of (node as YAMLMap<Node, Node>).items) {
      if (isMap(value) || isSeq(value)) value.flow = true;
    }
  }
}

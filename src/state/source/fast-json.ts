/**
 * Fast path of `readJson` with a `ValueSink`: JSON.parse reads a text without mistakes, in a tenth of
 * the time. What readJson reports is left to it: test/state/source/read-json.test.ts holds the two equal.
 */
import { MAX_DEPTH, MAX_VALUES } from './tree';

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Returns the value of a text; undefined if it is not JSON, or `readJson` reports something of it. */
export function fastJson(text: string): { readonly value: unknown } | undefined {
  const names = namesInText(text);
  if (names === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const found = countIn(value);
  // A name that is there twice is in the text only.
  return found.names === names && found.values <= MAX_VALUES ? { value } : undefined;
}

/** The number of names of fields, if the text is JSON; undefined if it is nested too deeply. */
function namesInText(text: string): number | undefined {
  let depth = 0;
  let names = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = closingQuote(text, at + 1);
    } else if (code === COLON) {
      names += 1;
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > MAX_DEPTH) return undefined;
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    }
  }
  return names;
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return text.length;
}

interface Count {
  names: number;
  values: number;
}

function countIn(value: unknown): Count {
  const count = { names: 0, values: 1 };
  if (typeof value === 'object' && value !== null) addTo(count, value);
  return count;
}

function addTo(count: Count, container: object): void {
  const values: unknown[] = Array.isArray(container) ? container : Object.values(container);
  count.values += values.length;
  if (values !== container) count.names += values.length;
  for (let at = 0; at < values.length; at++) {
    const inner = values[at];
    if (typeof inner === 'object' && inner !== null) addTo(count, inner);
  }
}

/** The parsed document as the form reads it. It may hold anything: nobody has checked it. */
import type { DocumentEdit } from '../../contract';

export type Path = DocumentEdit['path'];
type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
    return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, document);
}

export function listAt(document: unknown, path: Path): readonly unknown[] {
  const value = valueAt(document, path);
  return Array.isArray(value) ? value : [];
}

/**
 * The edit that sets a field, or takes it away. An object that would be left empty goes with it: an
 * empty `persistence` means something.
 */
export function editFor(document: unknown, path: Path, value: unknown): DocumentEdit {
  if (value !== undefined) return { path, value };
  const parent = path.slice(0, -1);
  const holder = valueAt(document, parent);
  const alone = isObject(holder) && Object.keys(holder).length === 1;
  return alone && parent.length > 0 && typeof parent.at(-1) === 'string'
    ? editFor(document, parent, undefined)
    : { path };
}

/** The edit that adds an entry to a list, which may not be there yet. */
export function additionTo(document: unknown, path: Path, entry: unknown): DocumentEdit {
  const there = valueAt(document, path);
  return Array.isArray(there) ? { path: [...path, there.length], value: entry } : { path, value: [entry] };
}

/** What a service or a server of a document is called. */
export function titleOf(value: unknown): string {
  if (!isObject(value)) return '?';
  const { name, protocol, fwmark, address, port } = value;
  if (name !== undefined) return String(name);
  if (fwmark !== undefined) return `fwmark:${fwmark}`;
  const place = String(address).includes(':') ? `[${address}]` : String(address);
  return [protocol, place, port].filter((part) => part !== undefined).join(':');
}

/** The VIPs of a document: those that it names, or the addresses of its services. */
export function vipsOf(document: unknown): readonly string[] {
  const named = listAt(document, ['director', 'vips']);
  if (named.length > 0) return named.map(String);
  const addresses = listAt(document, ['services']).flatMap((service) =>
    isObject(service) && typeof service.address === 'string' ? [service.address] : [],
  );
  return [...new Set(addresses)];
}

/** What the schema says about a field; undefined: nothing. */
export function hintOf(schema: unknown, path: Path): string | undefined {
  let node: unknown = schema;
  for (const step of path) {
    const next = variantsOf(schema, node).map((variant) => childOf(variant, step));
    node = next.find((child) => child !== undefined);
  }
  const description = variantsOf(schema, node).map((variant) => (variant as Fields).description);
  return description.find((text): text is string => typeof text === 'string');
}

function childOf(node: unknown, step: string | number): unknown {
  if (typeof step === 'number') return valueAt(node, ['items']);
  return valueAt(node, ['properties', step]) ?? additional(node);
}

function additional(node: unknown): unknown {
  const value = valueAt(node, ['additionalProperties']);
  return isObject(value) ? value : undefined;
}

/** A node and what it refers to, or what it may be. */
function variantsOf(schema: unknown, node: unknown): readonly unknown[] {
  if (!isObject(node)) return [];
  const { $ref, anyOf, oneOf, allOf } = node;
  const target = typeof $ref === 'string' ? valueAt(schema, $ref.replace(/^#\//, '').split('/')) : undefined;
  const others = [target, ...[anyOf, oneOf, allOf].flatMap((list) => (Array.isArray(list) ? list : []))];
  return [node, ...others.flatMap((other) => variantsOf(schema, other))];
}

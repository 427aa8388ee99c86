import type { Problem, Span } from './diagnostics';
import { ProblemList } from './problem-list';
import { MAX_DEPTH, MAX_VALUES, TOO_DEEP, TOO_MANY_VALUES, type Wanted } from './tree';

/**
 * Takes the parts of a document in the order of its text. Names are those of the fields of the
 * innermost open object; `end` is the offset behind a part.
 */
export interface Sink {
  openObject(offset: number): void;
  openList(offset: number): void;
  name(name: string, offset: number, end: number): void;
  scalar(value: unknown, offset: number, end: number): void;
  close(): void;
  /** The next part has an anchor. */
  anchor(name: string): void;
  /** A part that is equal to the last one with the anchor, which is complete. */
  alias(name: string, offset: number, end: number): void;
}

/** Thrown by a sink that takes no more of a document. */
export class Refused {
  constructor(readonly problem: Problem) {}
}

type Container = Record<string, unknown> | unknown[];

/** A value, and the number of values in it. */
interface Counted {
  readonly value: unknown;
  readonly count: number;
}

interface Open {
  readonly container: Container;
  readonly anchor: string | undefined;
  /** How many values there were before it. */
  readonly before: number;
}

/**
 * Builds the plain value of a document. Of fields with the same name the first counts. An alias is
 * the same value once more.
 */
export class ValueSink implements Sink {
  readonly #problems = new ProblemList<Problem>();
  value: unknown;
  readonly #open: Open[] = [];
  readonly #anchors = new Map<string, Counted>();
  #name: string | undefined;
  #anchor: string | undefined;
  #count = 0;

  get problems(): readonly Problem[] {
    return this.#problems.problems;
  }

  openObject(offset: number): void {
    this.#enter({}, offset);
  }

  openList(offset: number): void {
    this.#enter([], offset);
  }

  name(name: string, offset: number, end: number): void {
    const object = this.#open.at(-1)!.container;
    if (!Object.hasOwn(object, name)) this.#name = name;
    else {
      this.#name = undefined;
      const message = `duplicate field '${name}'`;
      this.#problems.add({ span: { offset, length: end - offset }, message, severity: 'error' });
    }
  }

  scalar(value: unknown, offset: number): void {
    if (this.#anchor !== undefined) this.#anchors.set(this.#anchor, { value, count: 1 });
    this.#anchor = undefined;
    this.#place(value, offset, 1);
  }

  close(): void {
    const { container, anchor, before } = this.#open.pop()!;
    if (anchor !== undefined) this.#anchors.set(anchor, { value: container, count: this.#count - before });
  }

  anchor(name: string): void {
    this.#anchor = name;
  }

  alias(name: string, offset: number): void {
    const { value, count } = this.#anchors.get(name)!;
    if (this.#count + count > MAX_VALUES) {
      throw refusal(offset, `the aliases expand to more than ${MAX_VALUES} values`);
    }
    this.#place(value, offset, count);
  }

  #enter(container: Container, offset: number): void {
    const before = this.#count;
    this.#place(container, offset, 1);
    if (this.#open.length >= MAX_DEPTH) throw refusal(offset, TOO_DEEP);
    this.#open.push({ container, anchor: this.#anchor, before });
    this.#anchor = undefined;
  }

  #place(value: unknown, offset: number, count: number): void {
    this.#count += count;
    if (this.#count > MAX_VALUES) throw refusal(offset, TOO_MANY_VALUES);
    const around = this.#open[this.#open.length - 1]?.container;
    if (around === undefined) this.value = value;
    else if (Array.isArray(around)) around.push(value);
    else if (this.#name !== undefined) setField(around, this.#name, value);
  }
}

function refusal(offset: number, message: string): Refused {
  return new Refused({ span: { offset, length: 1 }, message, severity: 'error' });
}

/** Also sets a field whose name has a meaning in JavaScript. */
export function setField(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
}

/** A part whose place is wanted, and the wanted parts within it. */
interface Part {
  readonly inner: Map<string | number, Part>;
  /** Of the first field with the name. */
  name?: Span;
  value?: Span;
}

/** Finds the places of parts of a document. */
export class PlaceSink implements Sink {
  readonly #root: Part = { inner: new Map() };
  /** The open objects and lists; undefined for those that hold nothing wanted. */
  readonly #open: ({ readonly part: Part; index: number } | undefined)[] = [];
  #next: Part | undefined = this.#root;

  constructor(wanted: readonly Wanted[]) {
    for (const { path } of wanted) {
      let part = this.#root;
      for (const step of path) {
        const inner = part.inner.get(step) ?? { inner: new Map() };
        part.inner.set(step, inner);
        part = inner;
      }
    }
  }

  openObject(offset: number): void {
    this.#enter(offset, -1);
  }

  openList(offset: number): void {
    this.#enter(offset, 0);
  }

  name(name: string, offset: number, end: number): void {
    const found = this.#open[this.#open.length - 1]?.part.inner.get(name);
    this.#next = found?.name ? undefined : found;
    if (this.#next) this.#next.name = { offset, length: end - offset };
  }

  scalar(_value: unknown, offset: number, end: number): void {
    const part = this.#take();
    if (part) part.value = { offset, length: end - offset };
  }

  close(): void {
    this.#open.pop();
  }

  anchor(): void {}

  alias(_name: string, offset: number, end: number): void {
    this.scalar(undefined, offset, end);
  }

  /** Returns the place of a part, or of the innermost part around it that was found. */
  placeOf({ path, part }: Wanted): Span {
    let found = this.#root;
    for (const step of path) {
      const inner = found.inner.get(step);
      if (!inner?.value) return found.value ?? { offset: 0, length: 1 };
      found = inner;
    }
    return (part === 'name' ? found.name : undefined) ?? found.value ?? { offset: 0, length: 1 };
  }

  #enter(offset: number, index: number): void {
    const part = this.#take();
    if (part) part.value = { offset, length: 1 };
    this.#open.push(part && { part, index });
  }

  /** Returns the part that begins here, if it is wanted. */
  #take(): Part | undefined {
    const around = this.#open[this.#open.length - 1];
    if (around && around.index >= 0) return around.part.inner.get(around.index++);
    const next = this.#next;
    this.#next = undefined;
    return next;
  }
}

/** Returns the places of parts of a document that `read` tells to a sink. */
export function placesOf(read: (sink: Sink) => void, wanted: readonly Wanted[]): Span[] {
  const sink = new PlaceSink(wanted);
  read(sink);
  return wanted.map((one) => sink.placeOf(one));
}

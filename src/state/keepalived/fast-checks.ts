/**
 * The checks of many real servers. They depend on the texts of the statements about checks of server
 * and service, and on nothing else: not on the address, whose family is the same for all. In most files
 * a few texts are repeated for all servers. So the plain reader converts a little file with one server
 * for each text, and the others share its checks.
 */
import { formatAddress, ipv4FromWord } from '../../model/address';
import type { Diagnostics } from '../source/collect';
import type { Span } from '../source/diagnostics';
import { documentOf, type SourceNode } from '../source/tree';
import { readBlocks } from './blocks';
import type { CheckText, PlacedNote } from './fast-blocks';
import { Unusual } from './fast-lines';
import { allLines, type Found, handlersFor, nothingFound, servicesOf } from './found';
import { rootKeywords } from './keywords';
import { readLines } from './lines';
import { openSources } from './sources';

/** The statements about checks of a service or a real server. */
export class CheckTexts {
  readonly texts: CheckText[] = [];
  /** Where each of them is. */
  readonly offsets: number[] = [];
  /** Whether there is a check among them. */
  checked = false;

  add(text: CheckText, offset: number): void {
    this.texts.push(text);
    this.offsets.push(offset);
    this.checked ||= text.isCheck;
  }
}

interface WithCheck {
  check?: unknown;
}

/** Servers with the same texts. */
interface Shared {
  readonly texts: readonly CheckText[];
  /** What they share: a list of checks. */
  check: unknown;
  /** Notes about them. */
  readonly notes: (PlacedNote & { readonly part: number })[];
}

/** Services with the same texts, and their servers by the texts of those. */
interface SharedService {
  readonly texts: readonly CheckText[];
  readonly servers: Map<string, Shared>;
}

export class FastChecks {
  readonly #services = new Map<string, SharedService>();
  /** All servers in the order of the file, and where the texts of each are. */
  readonly #servers: WithCheck[] = [];
  readonly #shared: Shared[] = [];
  readonly #offsets: number[] = [];

  service({ texts }: CheckTexts): SharedService {
    const service = known(this.#services, texts, () => ({ texts: [...texts], servers: new Map() }));
    // What is wrong in them has to be found even if no server has a check.
    if (texts.length > 0) this.#sharedOf(service, []);
    return service;
  }

  server(server: WithCheck, { texts, offsets }: CheckTexts, service: SharedService): void {
    if (texts.length === 0) return;
    this.#servers.push(server);
    this.#shared.push(this.#sharedOf(service, texts));
    this.#offsets.push(...offsets);
  }

  #sharedOf({ servers }: SharedService, texts: readonly CheckText[]): Shared {
    return known(servers, texts, () => ({ texts: [...texts], check: undefined, notes: [] }));
  }

  /**
   * Gives all servers their checks, with the notes about them.
   * @param context what the top level of the file has for checks.
   * @throws Unusual if there is more to say.
   */
  finish(context: Pick<Found, 'files' | 'tls'>, diagnostics: Diagnostics): void {
    const services = [...this.#services.values()].filter(({ servers }) => servers.size > 0);
    if (services.length > 0) convert(services, context);
    let base = 0;
    for (const [index, server] of this.#servers.entries()) {
      const { texts, check, notes } = this.#shared[index]!;
      if (check !== undefined) server.check = check;
      for (const { part, offset, length, message } of notes)
        diagnostics.note({ offset: this.#offsets[base + part]! + offset, length }, message);
      base += texts.length;
    }
  }
}

function known<T>(map: Map<string, T>, texts: readonly CheckText[], make: () => T): T {
  const name = texts.length === 1 ? String(texts[0]!.id) : texts.map(({ id }) => id).join();
  const former = map.get(name);
  if (former) return former;
  const made = make();
  map.set(name, made);
  return made;
}

/** Sets the checks and notes of shared servers. */
function convert(services: readonly SharedService[], { files, tls }: Pick<Found, 'files' | 'tls'>): void {
  const file = new LittleFile(services);
  const reading = new Notes();
  const lines = allLines(readLines(openSources(file.text, reading, undefined), reading, undefined));
  const found = { ...nothingFound(), files, tls };
  readBlocks(lines, rootKeywords, handlersFor(found, reading), reading);
  // Those about keywords have been found already, at all places.
  if (reading.notes.length !== file.notes) throw new Unusual();
  const conversion = new Notes();
  const { nodes } = servicesOf(found, false, conversion);
  for (const [index, { servers }] of services.entries()) {
    const items = nodes[index]!.fields!.servers!.items!;
    for (const [at, shared] of [...servers.values()].entries()) shared.check = checkOf(items[at]!);
  }
  for (const note of conversion.notes) file.give(note);
}

function checkOf({ fields }: SourceNode): unknown {
  return fields!.check && documentOf(fields!.check).value;
}

/** One of the texts of servers. */
interface PlacedPart {
  readonly shared: Shared;
  readonly part: number;
  readonly from: number;
}

/** A file with services and real servers that have nothing but the texts. */
class LittleFile {
  readonly text: string;
  /** How many notes there are in the texts. */
  readonly notes: number;
  /** The texts of servers, by where they begin. */
  readonly #parts: PlacedPart[] = [];

  constructor(services: readonly SharedService[]) {
    const lines: string[] = [];
    let size = 0;
    let notes = 0;
    const add = (line: string) => {
      lines.push(line);
      size += line.length + 1;
    };
    const addText = (text: CheckText) => {
      notes += text.notes.length;
      add(text.text);
    };
    for (const [index, { texts, servers }] of services.entries()) {
      add(`virtual_server ${addressOf(index)} 80 {`);
      add('protocol TCP');
      for (const text of texts) addText(text);
      for (const [at, shared] of [...servers.values()].entries()) {
        add(`real_server ${addressOf(at)} 80 {`);
        for (const [part, text] of shared.texts.entries()) {
          this.#parts.push({ shared, part, from: size });
          addText(text);
        }
        add('}');
      }
      add('}');
    }
    this.text = lines.join('\n');
    this.notes = notes;
  }

  /** Gives a note to the servers whose text it is in. */
  give({ offset, length, message }: PlacedNote): void {
    const { shared, part, from } = this.#partBefore(offset);
    if (offset >= from + shared.texts[part]!.text.length) throw new Unusual();
    shared.notes.push({ part, offset: offset - from, length, message });
  }

  #partBefore(offset: number): PlacedPart {
    let [first, last] = [0, this.#parts.length - 1];
    while (first < last) {
      const middle = (first + last + 1) >> 1;
      if (this.#parts[middle]!.from <= offset) first = middle;
      else last = middle - 1;
    }
    const part = this.#parts[first];
    if (!part || part.from > offset) throw new Unusual();
    return part;
  }
}

function addressOf(index: number): string {
  return formatAddress(ipv4FromWord(0x0a000001 + index));
}

/** Keeps notes, each with its place; anything worse is left to the plain reader. */
class Notes implements Diagnostics {
  readonly notes: PlacedNote[] = [];
  readonly problems = [];

  error(): never {
    throw new Unusual();
  }

  warn(): never {
    throw new Unusual();
  }

  note({ offset, length }: Span, message: string): void {
    this.notes.push({ offset, length, message });
  }
}

/**
 * The document to start with: the given one, unless it was taken back or cannot be used. Then the one
 * that was in use stays: a file that is being edited must not keep the daemon from tending the table.
 */
import type { Configuration } from '../model/director';
import { writeConfiguration } from '../state/document/write-director';
import type { Document } from './generations';
import { configurationProblems } from './roster';
import { documentFormat, type SavedGenerations } from './state-files';
import { load } from './store';
import type { Generation } from './types';
import type { World } from './world';

export interface ChosenDocument {
  readonly document: Document;
  readonly configuration: Configuration;
  /** Why it is not the given one. */
  readonly notice?: string | undefined;
}

export function chooseDocument(
  world: World,
  given: Document,
  saved: SavedGenerations | undefined,
): ChosenDocument | { readonly problems: string } {
  const read = readDocument(world, given);
  const isTakenBack = saved?.takenBack === world.sha256(given.text);
  const isShared = currentOf(saved)?.shared !== undefined;
  if (!('problems' in read) && !isTakenBack && !isShared) {
    return { document: resolved(given, read), configuration: read };
  }
  const former = formerDocument(world, saved);
  const formerRead = former && readDocument(world, former);
  if (!saved || !former || !formerRead || 'problems' in formerRead) {
    return 'problems' in read ? read : { document: resolved(given, read), configuration: read };
  }
  // That of all directors stays in use, unless the file belongs to none or other ones.
  if (isShared && !('problems' in read)) {
    return clusterOf(read) === clusterOf(formerRead)
      ? { document: former, configuration: formerRead }
      : { document: resolved(given, read), configuration: read };
  }
  const why =
    'problems' in read ? `cannot be used (${read.problems})` : 'holds a document that was taken back';
  const notice = `${given.name} ${why}: generation ${saved.current} stays in use`;
  return { document: former, configuration: formerRead, notice };
}

/**
 * A document as it is kept: the addresses of names and the contents of other files may be others when
 * it is wanted back, or gone.
 */
export function resolved(document: Document, configuration: Configuration): Document {
  if (document.resolved !== undefined || !configuration.refers) return document;
  return { ...document, resolved: [...writeConfiguration(configuration, undefined)].join('') };
}

/** Reads a document. The reader must not end the daemon, whatever it is given. */
export function readDocument(
  world: Pick<World, 'readConfiguration'>,
  { text, name, resolved: whole }: Document,
): Configuration | { readonly problems: string } {
  try {
    const read = world.readConfiguration(whole ?? text, name, whole === undefined ? 'given' : 'resolved');
    const problems = 'problems' in read ? '' : configurationProblems(read);
    return problems === '' ? read : { problems };
  } catch (error) {
    return { problems: `${name}: it cannot be read: ${error}` };
  }
}

/** The directors that have a document in common, by the name of their keys in etcd. */
export function clusterOf({ ha }: Configuration): string | undefined {
  const engine = ha?.settings.engine;
  return engine?.kind === 'etcd' ? engine.cluster : undefined;
}

function currentOf(saved: SavedGenerations | undefined): Generation | undefined {
  return saved?.list.find(({ number }) => number === saved.current);
}

function formerDocument(world: World, saved: SavedGenerations | undefined): Document | undefined {
  const current = currentOf(saved);
  if (!current) return undefined;
  const { value } = load(world, `generation-${current.number}`, documentFormat);
  return value && world.sha256(value.text) === current.sha256 ? value : undefined;
}

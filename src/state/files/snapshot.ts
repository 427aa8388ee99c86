/** Writes snapshots: a table as text that restores it. */
import { toBytes } from '../../bytes/byte-text';
import { asciiJson } from '../../bytes/unicode';
import { visibleWord } from '../../bytes/visible';
import type { Configuration } from '../../model/director';
import type { ImportedFormat } from '../document/imported-format';
import type { DirectorReading } from '../document/read';
import { daemonObject, serverObject, serviceObject, timeoutsObject } from '../document/to-object';
import { writeState } from '../document/write';
import {
  daemonRule,
  expressesDaemon,
  expressesServer,
  expressesService,
  expressesTimeouts,
  isValidRule,
  serverRule,
  serviceRule,
  timeoutsRule,
} from '../rules/write';
import type { ListedState } from '../table/listed-state';

/** Returns a snapshot as a state document, in blocks; of version 2 if there is more than a table. */
export function* jsonSnapshot(
  state: ListedState,
  _report?: (entry: string) => void,
  more?: DirectorReading,
): Generator<Uint8Array, void> {
  yield* blocks(documentText(state, more));
}

/** As `jsonSnapshot`, in YAML. */
export function* yamlSnapshot(
  state: ListedState,
  _report?: (entry: string) => void,
  more?: DirectorReading,
): Generator<Uint8Array, void> {
  const { yamlText } = require('./yaml-text') as typeof import('./yaml-text');
  yield* blocks(yamlText([...documentText(state, more)].join('')));
}

function documentText(state: ListedState, more: DirectorReading | undefined): Iterable<string> {
  if (!more) return writeState(state, false);
  const { writeConfiguration } =
    require('../document/write-director') as typeof import('../document/write-director');
  return writeConfiguration(more.configuration, more.director);
}

/**
 * Returns a snapshot as rules, in blocks. When a rule cannot express all of an entry, a comment
 * before it holds the entry as JSON.
 * @param reportIncomplete is called with each such rule.
 */
export function* rulesSnapshot(
  state: ListedState,
  reportIncomplete: (entry: string) => void,
): Generator<Uint8Array, void> {
  yield* blocks(rules(state, reportIncomplete));
}

/** Returns a snapshot in an imported format, in blocks: `verifiedText`. */
export function* importedFormatSnapshot(
  format: ImportedFormat,
  state: ListedState,
  reportIncomplete: (entry: string) => void,
  configuration?: Configuration,
): Generator<Uint8Array, void> {
  const { verifiedText } = require('./verified-text') as typeof import('./verified-text');
  yield* blocks(verifiedText(format, state, reportIncomplete, configuration));
}

function* rules(
  { timeouts, daemons = [], services = [] }: ListedState,
  reportIncomplete: (entry: string) => void,
): Generator<string, void> {
  const line = (rule: string, complete: boolean, toEntry: () => object): string => {
    if (complete) return `${rule}\n`;
    reportIncomplete(rule);
    const text = isValidRule(rule) ? rule : `# ${visibleWord(rule)}`;
    return `# incomplete: ${asciiJson(toEntry())}\n${text}\n`;
  };
  if (timeouts) {
    const rule = timeoutsRule(timeouts);
    yield line(rule, expressesTimeouts(rule, timeouts), () => timeoutsObject(timeouts));
  }
  for (const { service, servers } of services) {
    const rule = serviceRule(service);
    const complete = expressesService(rule, service) && !hasUnknown(service);
    yield line(rule, complete, () => serviceObject(service));
    for (const server of servers) {
      const ofServer = serverRule(service.key, server);
      const isComplete = expressesServer(ofServer, server) && !hasUnknown(server);
      yield line(ofServer, isComplete, () => serverObject(server));
    }
  }
  for (const daemon of daemons) {
    const rule = daemonRule(daemon);
    yield line(rule, expressesDaemon(rule, daemon), () => daemonObject(daemon));
  }
}

function hasUnknown({ unknown }: { readonly unknown?: ReadonlyMap<number, unknown> | undefined }): boolean {
  return unknown !== undefined && unknown.size > 0;
}

/** Joins texts to blocks that are worth a write. */
function* blocks(pieces: Iterable<string>): Generator<Uint8Array, void> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < BLOCK) continue;
    yield toBytes(text);
    text = '';
  }
  yield toBytes(text);
}

const BLOCK = 64 * 1024;

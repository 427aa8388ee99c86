/** The whole table as text that loads back. */

import { toBytes } from '../../bytes/byte-text';
import { asciiJson } from '../../bytes/unicode';
import { visibleWord } from '../../bytes/visible';
import type { ImportedFormat } from '../document/imported-format';
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

/** A snapshot as a state document, in blocks. */
export function* jsonSnapshot(state: ListedState): Generator<Uint8Array, void> {
  yield* blocks(writeState(state, false));
}

/**
 * A snapshot as ipvsadm rules. Where a rule cannot say a fact, a comment before it holds the facts as JSON.
 * @param lost is called for each entry that the rules do not hold whole.
 */
export function* rulesSnapshot(
  state: ListedState,
  lost: (entry: string) => void,
): Generator<Uint8Array, void> {
  yield* blocks(rules(state, lost));
}

/** A snapshot as another program's configuration: `verifiedText`. */
export function* importedFormatSnapshot(
  format: ImportedFormat,
  state: ListedState,
  lost: (entry: string) => void,
): Generator<Uint8Array, void> {
  const { verifiedText } = require('./verified-text') as typeof import('./verified-text');
  yield* blocks(verifiedText(format, state, lost));
}

function* rules(
  { timeouts, daemons = [], services = [] }: ListedState,
  lost: (entry: string) => void,
): Generator<string, void> {
  const line = function* (rule: string, whole: boolean, facts: () => object): Generator<string, void> {
    if (!whole) {
      lost(rule);
      yield `# not whole: ${asciiJson(facts())}\n`;
    }
    yield isValidRule(rule) ? `${rule}\n` : `# ${visibleWord(rule)}\n`;
  };
  if (timeouts) {
    const rule = timeoutsRule(timeouts);
    yield* line(rule, expressesTimeouts(rule, timeouts), () => timeoutsObject(timeouts));
  }
  for (const { service, servers } of services) {
    const rule = serviceRule(service);
    const facts = () => serviceObject(service);
    yield* line(rule, expressesService(rule, service) && !hasUnknown(service), facts);
    for (const server of servers) {
      const own = serverRule(service.key, server);
      const whole = expressesServer(own, server) && !hasUnknown(server);
      yield* line(own, whole, () => serverObject(server));
    }
  }
  for (const daemon of daemons) {
    const rule = daemonRule(daemon);
    yield* line(rule, expressesDaemon(rule, daemon), () => daemonObject(daemon));
  }
}

function hasUnknown({ unknown }: { readonly unknown?: ReadonlyMap<number, unknown> | undefined }): boolean {
  return unknown !== undefined && unknown.size > 0;
}

/** Texts in blocks that are worth a write. */
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

/** lvs_timeouts and lvs_sync_daemon in global_defs of keepalived.conf(5) (global_parser.c). */
import { formatAddress } from '../../model/address';
import { isMulticast } from '../../model/kernel-rules';
import { limits, MAX_TIMEOUT, nameLengths } from '../../model/limits';
import { listNode, type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import type { Diagnostics, Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import type { Handlers } from './blocks';
import { endpointOf } from './endpoints';
import { readUnsigned, type UnsignedRange } from './numbers';
import type { Words } from './words';

export interface GlobalDefs {
  timeouts?: MaybeNode;
  daemons?: MaybeNode;
  /** The sync daemon's statement, of which only the first counts. */
  daemon?: Word;
}

const seconds: UnsignedRange = { min: 0, max: MAX_TIMEOUT };
const timeoutNames: Readonly<Record<string, string>> = { tcp: 'tcp', tcpfin: 'tcpFin', udp: 'udp' };

/** The options of lvs_sync_daemon that are numbers. */
const daemonNumbers: Readonly<Record<string, { field: string; range: UnsignedRange }>> = {
  id: { field: 'syncId', range: limits.syncId },
  maxlen: { field: 'maxLength', range: limits.syncMaxLength },
  port: { field: 'port', range: limits.destinationPort },
  ttl: { field: 'ttl', range: limits.multicastTtl },
};

/** The handlers of global_defs, which add to the settings of earlier blocks. */
export function globalHandlers(globals: GlobalDefs, diagnostics: Diagnostics): Handlers {
  return {
    statements: {
      lvs_timeouts: (words) => setTimeouts(words, globals, diagnostics),
      lvs_sync_daemon: (words) => setDaemon(words, globals, diagnostics),
    },
  };
}

/** A timeout that is not given is 0, which leaves the kernel's unchanged. */
function setTimeouts(words: Words, globals: GlobalDefs, diagnostics: Diagnostics): void {
  const [keyword, ...options] = words;
  if (options.length < 2) {
    diagnostics.warn(
      keyword,
      `missing argument after '${keyword.text}': keepalived ignores it`,
      'tcp, tcpfin or udp',
    );
    return;
  }
  const keep = scalarNode(0, keyword);
  const former = globals.timeouts?.fields;
  const fields: Record<string, SourceNode> = Object.fromEntries(
    Object.values(timeoutNames).map((field) => [field, former?.[field] ?? keep]),
  );
  let some = former !== undefined;
  for (const { name, value } of pairs(options, timeoutNames, 'timeout', diagnostics)) {
    const number = numberOrWarn(name, value, seconds, diagnostics);
    if (number === undefined) continue;
    fields[timeoutNames[name.text]!] = scalarNode(number, value);
    some = true;
  }
  if (some) globals.timeouts = objectNode(fields, keyword);
}

/** Pairs of a known name and its value. */
function pairs(
  words: readonly Word[],
  known: Readonly<Record<string, unknown>>,
  what: string,
  diagnostics: Diagnostics,
): { name: Word; value: Word }[] {
  const found: { name: Word; value: Word }[] = [];
  for (let at = 0; at < words.length; at++) {
    const name = words[at]!;
    if (!Object.hasOwn(known, name.text)) {
      diagnostics.warn(
        name,
        `unknown ${what} '${name.text}': keepalived ignores it`,
        `one of ${Object.keys(known).join(', ')}`,
      );
      continue;
    }
    const value = words[++at];
    if (value) found.push({ name, value });
    else diagnostics.warn(name, `missing argument after '${name.text}': keepalived ignores it`);
  }
  return found;
}

function numberOrWarn(
  name: Word,
  value: Word,
  range: UnsignedRange,
  diagnostics: Diagnostics,
): number | undefined {
  return readUnsigned(value.text, range, false, (what) =>
    diagnostics.warn(value, `'${value.text}' ${what}: keepalived ignores '${name.text}'`),
  );
}

/**
 * A master and a backup daemon, both of which keepalived runs unless a VRRP instance is given. With
 * one, the state of the instance decides, and the statement is ignored.
 */
function setDaemon(words: Words, globals: GlobalDefs, diagnostics: Diagnostics): void {
  const [keyword, device] = words;
  if (globals.daemon) {
    diagnostics.warn(keyword, `keepalived ignores this '${keyword.text}': only the first one counts`);
    return;
  }
  if (!device) {
    diagnostics.warn(keyword, `missing argument after '${keyword.text}': keepalived ignores it`);
    return;
  }
  if (device.text.length > nameLengths.interface) {
    diagnostics.warn(device, `the name '${device.text}' is too long: keepalived ignores '${keyword.text}'`);
    return;
  }
  globals.daemon = keyword;
  const fields: Record<string, MaybeNode> = { interface: scalarNode(device.text, device) };
  const instance = daemonOptions(words, fields, diagnostics);
  if (instance) {
    diagnostics.warn(
      instance,
      "'lvs_sync_daemon' is ignored: VRRP decides whether it is the master or the backup",
      "'ipvsadm daemon start' starts a sync daemon",
    );
    return;
  }
  const states = ['master', 'backup'].map((state) =>
    objectNode({ state: scalarNode(state, keyword), ...fields }, keyword),
  );
  globals.daemons = listNode(states, keyword);
}

/** Reads the options into `fields`. @returns the name of a VRRP instance. */
function daemonOptions(
  words: Words,
  fields: Record<string, MaybeNode>,
  diagnostics: Diagnostics,
): Word | undefined {
  let instance: Word | undefined;
  for (let at = 2; at < words.length; at++) {
    const name = words[at]!;
    const value = words[at + 1];
    const number = Object.hasOwn(daemonNumbers, name.text) ? daemonNumbers[name.text] : undefined;
    if (name.text === 'inst') {
      if (value) instance ??= value;
      else diagnostics.error(name, "missing argument after 'inst'");
      at += 1;
    } else if (number || name.text === 'group') {
      if (!value) {
        diagnostics.warn(name, `missing argument after '${name.text}': keepalived ignores it`);
        continue;
      }
      at += 1;
      if (!number) fields.group = groupNode(value, diagnostics);
      else {
        const found = numberOrWarn(name, value, number.range, diagnostics);
        if (found !== undefined) fields[number.field] = scalarNode(found, value);
      }
    } else if (at === 2) instance = name;
    else if (at === 3) {
      const found = numberOrWarn(name, name, limits.syncId, diagnostics);
      if (found !== undefined) fields.syncId = scalarNode(found, name);
    } else {
      diagnostics.warn(
        name,
        `unknown sync daemon option '${name.text}': keepalived ignores it`,
        'id, maxlen, port, ttl or group',
      );
    }
  }
  return instance;
}

function groupNode(word: Word, diagnostics: Diagnostics): MaybeNode {
  const endpoint = endpointOf(word, undefined, 'the group', diagnostics);
  if (!endpoint) return undefined;
  if (isMulticast(endpoint.address)) return scalarNode(formatAddress(endpoint.address), word);
  diagnostics.warn(word, `'${word.text}' is not a multicast address: keepalived ignores it`);
  return undefined;
}

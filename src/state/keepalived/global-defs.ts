/** lvs_timeouts and lvs_sync_daemon in global_defs of keepalived.conf(5). */
import { listNode, type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import { argumentsOf, eachStatement } from './each-statement';
import { globalKeywords } from './global-keywords';
import type { Statement } from './statements';

export interface GlobalDefs {
  timeouts?: MaybeNode;
  daemons?: MaybeNode;
}

const timeoutNames: Readonly<Record<string, string>> = { tcp: 'tcp', tcpfin: 'tcpFin', udp: 'udp' };
const daemonNumbers: Readonly<Record<string, string>> = {
  id: 'syncId',
  maxlen: 'maxLength',
  port: 'port',
  ttl: 'ttl',
};

/** Adds the settings of one global_defs block to those of earlier blocks. */
export function readGlobalDefs(
  statements: readonly Statement[],
  globals: GlobalDefs,
  diagnostics: Diagnostics,
): void {
  eachStatement(statements, globalKeywords, 'in global_defs', diagnostics, (keyword, statement) => {
    if (keyword === 'lvs_timeouts') globals.timeouts = timeoutsOf(statement, diagnostics) ?? globals.timeouts;
    else globals.daemons = daemonsOf(statement, diagnostics) ?? globals.daemons;
  });
}

/** A timeout that is not given is 0, which leaves the kernel's unchanged. */
function timeoutsOf(statement: Statement, diagnostics: Diagnostics): MaybeNode {
  const words = argumentsOf(statement, 2, 6, diagnostics);
  if (!words) return undefined;
  const keep = scalarNode(0, statement.words[0]);
  const fields: Record<string, SourceNode> = { tcp: keep, tcpFin: keep, udp: keep };
  for (const [name, value] of pairs(words, diagnostics)) {
    const field = Object.hasOwn(timeoutNames, name.text) ? timeoutNames[name.text] : undefined;
    if (field === undefined) diagnostics.error(name, `unknown timeout '${name.text}'`, 'tcp, tcpfin or udp');
    else fields[field] = scalarNode(numberOf(value, diagnostics) ?? 0, value);
  }
  return objectNode(fields, statement.words[0]);
}

/**
 * Returns a master and a backup daemon, both of which keepalived runs unless a VRRP instance is
 * given. With one, the state of the instance decides, and the statement is ignored.
 */
function daemonsOf(statement: Statement, diagnostics: Diagnostics): MaybeNode {
  const [device, ...words] = argumentsOf(statement, 1, 13, diagnostics) ?? [];
  if (!device) return undefined;
  const fields: Record<string, MaybeNode> = { interface: scalarNode(device.text, device) };
  const [first] = words;
  const known = (text: string) => Object.hasOwn(daemonNumbers, text) || text === 'group';
  if (first && !known(first.text)) {
    const instance = first.text === 'inst' ? words[1] : first;
    if (!instance) diagnostics.error(first, "missing argument after 'inst'");
    diagnostics.warn(
      instance ?? first,
      "'lvs_sync_daemon' is ignored: VRRP decides whether it is the master or the backup",
      "'ipvsadm daemon start' starts a sync daemon",
    );
    return undefined;
  }
  for (const [name, value] of pairs(words, diagnostics)) {
    if (name.text === 'group') fields.group = scalarNode(value.text, value);
    else if (!known(name.text))
      diagnostics.error(name, `unknown sync daemon option '${name.text}'`, 'id, maxlen, port, ttl or group');
    else fields[daemonNumbers[name.text]!] = scalarNode(numberOf(value, diagnostics), value);
  }
  const states = ['master', 'backup'].map((state) =>
    objectNode({ state: scalarNode(state, statement.words[0]), ...fields }, statement.words[0]),
  );
  return listNode(states, statement.words[0]);
}

function pairs(words: readonly Word[], diagnostics: Diagnostics): (readonly [Word, Word])[] {
  const found: (readonly [Word, Word])[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1];
    if (value) found.push([words[at]!, value]);
    else diagnostics.error(words[at]!, `missing argument after '${words[at]!.text}'`);
  }
  return found;
}

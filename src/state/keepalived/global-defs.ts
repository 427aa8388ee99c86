/** lvs_timeouts and lvs_sync_daemon in global_defs of keepalived.conf(5). */
import { listNode, type MaybeNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, numberOf, type Word } from '../source/collect';
import type { SourceNode } from '../source/tree';
import { argumentsOf, eachStatement } from './each-statement';
import { globalWords } from './global-keywords';
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

/** Adds what a global_defs block says to what others said. */
export function readGlobalDefs(
  statements: readonly Statement[],
  globals: GlobalDefs,
  told: Diagnostics,
): void {
  eachStatement(statements, globalWords, 'in global_defs', told, (keyword, statement) => {
    if (keyword === 'lvs_timeouts') globals.timeouts = timeoutsOf(statement, told) ?? globals.timeouts;
    else globals.daemons = daemonsOf(statement, told) ?? globals.daemons;
  });
}

/** A timeout that is not named is 0, which keeps it. */
function timeoutsOf(statement: Statement, told: Diagnostics): MaybeNode {
  const words = argumentsOf(statement, 2, 6, told);
  if (!words) return undefined;
  const keep = scalarNode(0, statement.words[0]);
  const fields: Record<string, SourceNode> = { tcp: keep, tcpFin: keep, udp: keep };
  for (const [name, value] of pairs(words, told)) {
    const field = Object.hasOwn(timeoutNames, name.text) ? timeoutNames[name.text] : undefined;
    if (field === undefined) told.error(name, `there is no timeout '${name.text}'`, 'tcp, tcpfin or udp');
    else fields[field] = scalarNode(numberOf(value, told) ?? 0, value);
  }
  return objectNode(fields, statement.words[0]);
}

/** Without a VRRP instance, keepalived runs both sides; with one, that of the instance's state. */
function daemonsOf(statement: Statement, told: Diagnostics): MaybeNode {
  const [device, ...words] = argumentsOf(statement, 1, 13, told) ?? [];
  if (!device) return undefined;
  const fields: Record<string, MaybeNode> = { interface: scalarNode(device.text, device) };
  const [first] = words;
  const known = (text: string) => Object.hasOwn(daemonNumbers, text) || text === 'group';
  if (first && !known(first.text)) {
    const instance = first.text === 'inst' ? words[1] : first;
    if (!instance) told.error(first, 'something is missing behind inst');
    told.warn(
      instance ?? first,
      "'lvs_sync_daemon' is left out: VRRP decides whether it is the master or the backup",
      'daemon start starts one',
    );
    return undefined;
  }
  for (const [name, value] of pairs(words, told)) {
    if (name.text === 'group') fields.group = scalarNode(value.text, value);
    else if (!known(name.text))
      told.error(name, `there is no '${name.text}' of a sync daemon`, 'id, maxlen, port, ttl or group');
    else fields[daemonNumbers[name.text]!] = scalarNode(numberOf(value, told), value);
  }
  const states = ['master', 'backup'].map((state) =>
    objectNode({ state: scalarNode(state, statement.words[0]), ...fields }, statement.words[0]),
  );
  return listNode(states, statement.words[0]);
}

function pairs(words: readonly Word[], told: Diagnostics): (readonly [Word, Word])[] {
  const found: (readonly [Word, Word])[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1];
    if (value) found.push([words[at]!, value]);
    else told.error(words[at]!, `something is missing behind ${words[at]!.text}`);
  }
  return found;
}

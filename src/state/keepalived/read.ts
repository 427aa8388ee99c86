/** Reads a keepalived.conf as the state document that it amounts to. A bundle of its own, loaded when one is read. */

import { STATE_FORMAT, STATE_VERSION } from '../document/types';
import { listNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, newDiagnostics } from '../source/collect';
import type { Parsed, SourceNode } from '../source/tree';
import { addressTarget, groupTargets, markTarget, type Target } from './addresses';
import { argumentsOf, eachStatement } from './each-statement';
import { type GlobalDefs, readGlobalDefs } from './global-defs';
import { includeWords, rootWords } from './keywords';
import { type Statement, statementsOf } from './statements';
import { serviceNodes } from './virtual-servers';

/** @param configId the machine whose @ lines count, as keepalived's --config-id. */
export function parseKeepalived(text: string, configId?: string | undefined): Parsed {
  const told = newDiagnostics();
  const statements = withoutIncludes(statementsOf(text, told, configId), told);
  const start = { offset: 0, length: 1 };
  const globals: GlobalDefs = {};
  const groups = new Map<string, Target[]>();
  const servers: Statement[] = [];
  eachStatement(statements, rootWords, 'outside blocks', told, (keyword, statement) => {
    if (keyword === 'global_defs') readGlobalDefs(statement.block ?? [], globals, told);
    else if (keyword === 'virtual_server') servers.push(statement);
    else readGroup(statement, groups, told);
  });
  const services = servers.flatMap((statement) =>
    serviceNodes(statement, targetsOf(statement, groups, told), told),
  );
  if (servers.length === 0)
    told.warn(start, 'this file has no virtual_server: it says nothing of the services');
  const root: SourceNode = objectNode(
    {
      format: scalarNode(STATE_FORMAT, start),
      version: scalarNode(STATE_VERSION, start),
      timeouts: globals.timeouts,
      daemons: globals.daemons,
      services: servers.length > 0 ? listNode(services, start) : undefined,
    },
    start,
  );
  return { root, problems: told.problems };
}

/** Other files are not read: what is in them would be missing. */
function withoutIncludes(statements: readonly Statement[], told: Diagnostics): Statement[] {
  return statements.flatMap(({ words, block }): Statement[] => {
    if (!includeWords.includes(words[0].text))
      return [{ words, block: block && withoutIncludes(block, told) }];
    told.error(words[0], 'other files are not read from here', 'put what is in them in its place');
    return [];
  });
}

function readGroup(statement: Statement, groups: Map<string, Target[]>, told: Diagnostics): void {
  const [name] = argumentsOf(statement, 1, 1, told) ?? [];
  if (!name) return;
  if (groups.has(name.text)) told.error(name, `the group ${name.text} is there twice`);
  groups.set(name.text, groupTargets(statement.block ?? [], told));
}

function targetsOf(
  statement: Statement,
  groups: ReadonlyMap<string, readonly Target[]>,
  told: Diagnostics,
): readonly Target[] {
  const [first, second] = argumentsOf(statement, 1, 2, told) ?? [];
  if (!first) return [];
  if (first.text === 'fwmark')
    return second ? markTarget(statement, [second], told) : missing(statement, told);
  if (first.text !== 'group') return addressTarget(first.text, first, second, false, told);
  if (!second) return missing(statement, told);
  const group = groups.get(second.text);
  if (!group) told.error(second, `there is no virtual_server_group ${second.text}`);
  return group ?? [];
}

function missing({ words }: Statement, told: Diagnostics): readonly Target[] {
  told.error(words[1]!, `something is missing behind ${words[1]!.text}`);
  return [];
}

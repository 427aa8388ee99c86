/** Converts a keepalived.conf to a state document. A separate bundle, loaded on demand. */

import { STATE_FORMAT, STATE_VERSION } from '../document/types';
import { listNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, newDiagnostics } from '../source/collect';
import type { Parsed, SourceNode } from '../source/tree';
import { addressTarget, groupTargets, markTarget, type Target } from './addresses';
import { argumentsOf, eachStatement } from './each-statement';
import { type GlobalDefs, readGlobalDefs } from './global-defs';
import { includeKeywords, rootKeywords } from './keywords';
import { type Statement, statementsOf } from './statements';
import { serviceNodes } from './virtual-servers';

/** @param configId selects the conditional lines (@) that apply, like keepalived's --config-id. */
export function parseKeepalived(text: string, configId?: string | undefined): Parsed {
  const diagnostics = newDiagnostics();
  const statements = withoutIncludes(statementsOf(text, diagnostics, configId), diagnostics);
  const start = { offset: 0, length: 1 };
  const globals: GlobalDefs = {};
  const groups = new Map<string, Target[]>();
  const servers: Statement[] = [];
  eachStatement(statements, rootKeywords, 'at the top level', diagnostics, (keyword, statement) => {
    if (keyword === 'global_defs') readGlobalDefs(statement.block ?? [], globals, diagnostics);
    else if (keyword === 'virtual_server') servers.push(statement);
    else readGroup(statement, groups, diagnostics);
  });
  const services = servers.flatMap((statement) =>
    serviceNodes(statement, targetsOf(statement, groups, diagnostics), diagnostics),
  );
  if (servers.length === 0)
    diagnostics.warn(start, 'this file has no virtual_server, so it does not describe the services');
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
  return { root, problems: diagnostics.problems };
}

/** Reports include statements, because the contents of other files would be missing. */
function withoutIncludes(statements: readonly Statement[], diagnostics: Diagnostics): Statement[] {
  return statements.flatMap(({ words, block }): Statement[] => {
    if (!includeKeywords.includes(words[0].text))
      return [{ words, block: block && withoutIncludes(block, diagnostics) }];
    diagnostics.error(
      words[0],
      `'${words[0].text}' is not supported`,
      'replace it with the contents of the included files',
    );
    return [];
  });
}

function readGroup(statement: Statement, groups: Map<string, Target[]>, diagnostics: Diagnostics): void {
  const [name] = argumentsOf(statement, 1, 1, diagnostics) ?? [];
  if (!name) return;
  if (groups.has(name.text)) diagnostics.error(name, `duplicate virtual_server_group '${name.text}'`);
  groups.set(name.text, groupTargets(statement.block ?? [], diagnostics));
}

function targetsOf(
  statement: Statement,
  groups: ReadonlyMap<string, readonly Target[]>,
  diagnostics: Diagnostics,
): readonly Target[] {
  const [first, second] = argumentsOf(statement, 1, 2, diagnostics) ?? [];
  if (!first) return [];
  if (first.text === 'fwmark')
    return second ? markTarget(statement, [second], diagnostics) : missing(statement, diagnostics);
  if (first.text !== 'group') return addressTarget(first.text, first, second, false, diagnostics);
  if (!second) return missing(statement, diagnostics);
  const group = groups.get(second.text);
  if (!group) diagnostics.error(second, `unknown virtual_server_group '${second.text}'`);
  return group ?? [];
}

function missing({ words }: Statement, diagnostics: Diagnostics): readonly Target[] {
  diagnostics.error(words[1]!, `missing argument after '${words[1]!.text}'`);
  return [];
}

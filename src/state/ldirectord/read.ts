/** Converts an ldirectord.cf to a state document. A separate bundle, loaded on demand. */
import type { NameSource } from '../../platform/names';
import { STATE_FORMAT, STATE_VERSION } from '../document/types';
import { listNode, objectNode, scalarNode } from '../source/build-tree';
import { newDiagnostics } from '../source/collect';
import type { Parsed } from '../source/tree';
import { globalDirectives } from './directives';
import { readLines } from './lines';
import { isConverted, serviceNode } from './services';

/** A pure function of the text and the names. @throws NameNeeded */
export function parseLdirectord(text: string, names: NameSource): Parsed {
  const diagnostics = newDiagnostics();
  const { globals, sections } = readLines(text, diagnostics);
  for (const setting of globals) isConverted(setting, globalDirectives, 'at the top level', diagnostics);
  const services = sections.flatMap((section) => serviceNode(section, names, diagnostics) ?? []);
  const start = { offset: 0, length: 1 };
  if (sections.length === 0)
    diagnostics.warn(start, 'this file has no virtual service, so it does not describe the services');
  const root = objectNode(
    {
      format: scalarNode(STATE_FORMAT, start),
      version: scalarNode(STATE_VERSION, start),
      services: sections.length > 0 ? listNode(services, start) : undefined,
    },
    start,
  );
  return { root, problems: diagnostics.problems };
}

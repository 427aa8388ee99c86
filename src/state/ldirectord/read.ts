/** Reads an ldirectord.cf as the state document that it amounts to. A bundle of its own, loaded when one is read. */
import type { NameSource } from '../../platform/names';
import { STATE_FORMAT, STATE_VERSION } from '../document/types';
import { listNode, objectNode, scalarNode } from '../source/build-tree';
import { newDiagnostics } from '../source/collect';
import type { Parsed } from '../source/tree';
import { globalDirectives } from './directives';
import { readLines } from './lines';
import { known, serviceNode } from './services';

/** A pure function of the text and of names. @throws NameNeeded */
export function parseLdirectord(text: string, names: NameSource): Parsed {
  const told = newDiagnostics();
  const { globals, sections } = readLines(text, told);
  for (const setting of globals)
    known(setting, globalDirectives, 'outside the sections of virtual services', told);
  const services = sections.flatMap((section) => serviceNode(section, names, told) ?? []);
  const start = { offset: 0, length: 1 };
  if (sections.length === 0)
    told.warn(start, 'this file has no virtual service: it says nothing of the services');
  const root = objectNode(
    {
      format: scalarNode(STATE_FORMAT, start),
      version: scalarNode(STATE_VERSION, start),
      services: sections.length > 0 ? listNode(services, start) : undefined,
    },
    start,
  );
  return { root, problems: told.problems };
}

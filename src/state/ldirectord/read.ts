/** Converts an ldirectord.cf to a state document. A separate bundle, loaded on demand. */
import type { NameSource } from '../../platform/names';
import { DIRECTOR_VERSION, STATE_FORMAT, STATE_VERSION } from '../document/types';
import { listNode, objectNode, scalarNode } from '../source/build-tree';
import { type Diagnostics, newDiagnostics, type Word } from '../source/collect';
import type { Parsed } from '../source/tree';
import { serviceName } from '../table/table-state';
import { checkMaker, isChecked } from './checks';
import { globalDirectives } from './directives';
import type { Lookup } from './endpoints';
import { type Fallback, fallbackOf } from './fallback';
import { readLines, type Setting } from './lines';
import { serviceNode } from './nodes';
import { isAccepted, type Service, serviceOf } from './services';
import { fallbackService, startedServices } from './start';
import { warnOfDifferences } from './warnings';

/**
 * Returns the table that ldirectord makes when every server is up. A pure function of the text and
 * the names. @throws NameNeeded
 */
export function parseLdirectord(text: string, names: NameSource): Parsed {
  const diagnostics = newDiagnostics();
  const start = { offset: 0, length: 1 };
  const marked = text.startsWith('\ufeff');
  if (marked)
    diagnostics.error(
      start,
      'ldirectord refuses a file that begins with a byte order mark',
      'save it without one, as plain UTF-8',
    );
  const { globals, sections } = readLines(text, diagnostics, marked ? 1 : 0);
  const settings = globalsOf(globals, names, diagnostics);
  const services = sections.flatMap((section) => serviceOf(section, names, diagnostics) ?? []);
  reportDuplicates(services, diagnostics);
  const started = startedServices(services, {
    quiescent: settings.words.get('quiescent') === 'yes',
    readdQuiescent: settings.words.get('readdquiescent') === 'yes',
    fallbackOf: (service) =>
      settings.fallbacks.get(service.head.name.text === 'virtual6')?.(fallbackService(service)),
  });
  warnOfDifferences(started, [...settings.lines, ...sections.flatMap((each) => each.settings)], diagnostics);
  if (sections.length === 0)
    diagnostics.warn(start, 'this file has no virtual service, so it does not describe the services');
  const written = new Set<string>();
  const checks = checkMaker(settings.places, diagnostics);
  const nodes = started.flatMap((each) => {
    const name = each.service.added && serviceName(each.service.added.key);
    if (name === undefined || written.has(name)) return [];
    written.add(name);
    return serviceNode(each, checks, diagnostics);
  });
  const root = objectNode(
    {
      format: scalarNode(STATE_FORMAT, start),
      version: scalarNode(started.some(isChecked) ? DIRECTOR_VERSION : STATE_VERSION, start),
      services: sections.length > 0 ? listNode(nodes, start) : undefined,
    },
    start,
  );
  return { root, problems: diagnostics.problems };
}

interface Globals {
  readonly lines: readonly Setting[];
  readonly words: ReadonlyMap<string, string>;
  /** The last value of each directive. */
  readonly places: ReadonlyMap<string, Word>;
  /** By whether they are of IPv6. */
  readonly fallbacks: ReadonlyMap<boolean, Fallback | undefined>;
}

function globalsOf(lines: readonly Setting[], names: NameSource, diagnostics: Diagnostics): Globals {
  const words = new Map<string, string>();
  const places = new Map<string, Word>();
  const fallbacks = new Map<boolean, Fallback | undefined>();
  for (const setting of lines) {
    if (!isAccepted(setting, globalDirectives, 'at the top level', diagnostics)) continue;
    const { name, value } = setting;
    words.set(name.text, value.text);
    places.set(name.text, value);
    const ipv6 = name.text === 'fallback6';
    const lookup: Lookup = { ipv6, names, diagnostics };
    if (/^fallback6?$/.test(name.text))
      fallbacks.set(ipv6, fallbackOf(setting, undefined, ['tcp', 'udp'], lookup));
    if (name.text === 'execute')
      diagnostics.warn(
        value,
        `ldirectord also makes the services of '${value.text}', which are not read here`,
        'convert that file as well',
      );
  }
  return { lines, words, places, fallbacks };
}

/** ldirectord tells services apart by the text that it gives to ipvsadm. */
function reportDuplicates(services: readonly Service[], diagnostics: Diagnostics): void {
  const seen = new Set<string>();
  for (const { head, protocol, target } of services) {
    const id = `${protocol} ${head.name.text === 'virtual6' && protocol === 'fwm' ? 6 : ''} ${target.name}`;
    if (seen.has(id))
      diagnostics.error(head.value, `duplicate virtual service ${target.name}`, 'one section for each');
    seen.add(id);
  }
}

/** The services and real servers of a configuration by their keys, which stay when names change. */
import { type Check, defaultTiming } from '../model/check';
import type { Configuration, DirectorServer, DirectorService } from '../model/director';
import { serverName, serviceName } from '../state/table/table-state';
import { pathService } from './path';
import { slowStartProblem } from './slow-start';

export interface Member {
  /** `tcp:192.0.2.1:80/10.0.0.1:80`. */
  readonly id: string;
  readonly serverId: string;
  readonly service: DirectorService;
  readonly serviceId: string;
  readonly server: DirectorServer;
  /** The firewall mark that its checks through the forwarding path have. */
  readonly mark?: number | undefined;
}

export interface RosterService {
  /** `tcp:192.0.2.1:80`. */
  readonly id: string;
  readonly service: DirectorService;
  readonly members: readonly Member[];
  /** It is no service of the document: checks of this server go through it. */
  readonly pathOf?: Member | undefined;
}

export type Roster = ReadonlyMap<string, RosterService>;

/** @param marks of the servers that have checks through the forwarding path, by their keys. */
export function rosterOf(
  { services }: Pick<Configuration, 'services'>,
  marks: ReadonlyMap<string, number> = new Map(),
): Roster {
  const own = services.map((service) => entryOf(service, marks));
  const paths = own.flatMap(({ members }) =>
    members.flatMap((member): RosterService[] => {
      if (member.mark === undefined) return [];
      const service = pathService(member.service, member.server, member.mark);
      return [{ ...entryOf(service, new Map()), pathOf: member }];
    }),
  );
  return new Map([...own, ...paths].map((entry) => [entry.id, entry]));
}

function entryOf(service: DirectorService, marks: ReadonlyMap<string, number>): RosterService {
  const id = serviceName(service.service.key);
  const members = service.servers.map((server): Member => {
    const serverId = serverName(server.server);
    const key = `${id}/${serverId}`;
    const mark = marks.get(key);
    return { id: key, serverId, service, serviceId: id, server, ...(mark === undefined ? {} : { mark }) };
  });
  return { id, service, members };
}

/** The services of the document alone. */
export function documentServices(roster: Roster): RosterService[] {
  return [...roster.values()].filter(({ pathOf }) => !pathOf);
}

/** What the daemon cannot do, a line each; '' if there is nothing. The reader finds most before. */
export function configurationProblems({ services }: Pick<Configuration, 'services'>): string {
  const names = new Set<string>();
  const keys = new Set<string>();
  const problems = services.flatMap((service) => {
    const key = serviceName(service.service.key);
    const twice = [
      ...(names.has(service.name) ? [`${service.name}: two services have this name`] : []),
      ...(keys.has(key) ? [`${service.name}: another service is ${key}, too`] : []),
    ];
    names.add(service.name);
    keys.add(key);
    return [...twice, ...serviceProblems(service)];
  });
  return problems.join('\n');
}

function serviceProblems(service: DirectorService): string[] {
  const { name, servers, sorry, whenAllDown } = service;
  const problems: string[] = [];
  const keys = servers.map(({ server }) => serverName(server));
  if (new Set(keys).size < keys.length) problems.push(`${name}: a real server stands there twice`);
  if (new Set(servers.map((server) => server.name)).size < servers.length) {
    problems.push(`${name}: two real servers have the same name`);
  }
  if (sorry && keys.includes(serverName(sorry))) {
    problems.push(`${name}: the sorry server is one of its real servers: it must be another one`);
  }
  if (whenAllDown === 'sorry' && !sorry) {
    problems.push(`${name}: whenAllDown: sorry requires a sorry server`);
  }
  const slow = slowStartProblem(service);
  if (slow) problems.push(slow);
  return problems;
}

/** What says how a check is judged: another one begins anew. */
export function timingText(check: Check): string {
  return Object.keys(defaultTiming)
    .map((name) => check[name as keyof typeof defaultTiming])
    .join(' ');
}

/** The services and servers that a text names, by name or key. */
export function findService(roster: Roster, text: string): RosterService | undefined {
  return documentServices(roster).find(({ id, service }) => id === text || service.name === text);
}

export function findMember(found: RosterService, text: string): Member | undefined {
  return found.members.find(({ serverId, server }) => server.name === text || serverId === text);
}

/** The services and real servers of a configuration by their keys, which stay when names change. */
import { type Check, defaultTiming } from '../model/check';
import type { Configuration, DirectorServer, DirectorService } from '../model/director';
import { serverName, serviceName } from '../state/table/table-state';
import { slowStartProblem } from './slow-start';

export interface Member {
  /** `tcp:192.0.2.1:80/10.0.0.1:80`. */
  readonly id: string;
  readonly serverId: string;
  readonly service: DirectorService;
  readonly serviceId: string;
  readonly server: DirectorServer;
}

export interface RosterService {
  /** `tcp:192.0.2.1:80`. */
  readonly id: string;
  readonly service: DirectorService;
  readonly members: readonly Member[];
}

export type Roster = ReadonlyMap<string, RosterService>;

export function rosterOf({ services }: Pick<Configuration, 'services'>): Roster {
  return new Map(
    services.map((service) => {
      const id = serviceName(service.service.key);
      const members = service.servers.map((server): Member => {
        const serverId = serverName(server.server);
        return { id: `${id}/${serverId}`, serverId, service, serviceId: id, server };
      });
      return [id, { id, service, members }];
    }),
  );
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
  return roster.get(text) ?? [...roster.values()].find(({ service }) => service.name === text);
}

export function findMember(found: RosterService, text: string): Member | undefined {
  return found.members.find(({ serverId, server }) => server.name === text || serverId === text);
}

/** Which virtual services and real servers of a table are asked for. */
import { AF_INET, AF_INET6, type Family } from '../model/address';
import type { ListedServer } from '../model/real-server';
import { isEmpty, type ServerState, serverState } from '../model/server-state';
import { type ListedService, protocols, type ServiceKey } from '../model/virtual-service';
import { any, isTarget, parseTarget, type Target } from './connection-query';

/** The states that can be asked for: those of real servers, and one of virtual services. */
export const askedStates = ['draining', 'overloaded', 'down', 'empty'] as const;
export type AskedState = ServerState | 'empty';

/** What --protocol takes; a firewall mark has no protocol. */
export const askedProtocols = [...Object.keys(protocols), 'fwmark'] as const;

/** A virtual service as people name it: without protocol or port, several services may have it. */
export type ServiceTarget =
  | { readonly fwmark: number; readonly family: Family | undefined }
  | (Target & { readonly protocol: number | undefined });

/** What is asked for: one of each list that is not empty. */
export interface TableQuery {
  readonly services: readonly ServiceTarget[];
  /** Of `askedProtocols`. */
  readonly protocols: readonly string[];
  readonly servers: readonly Target[];
  readonly states: readonly AskedState[];
}

/** A virtual service, and those of its real servers that are asked for. */
export interface Selected<Server extends ListedServer = ListedServer, Service = ListedService> {
  readonly service: Service;
  readonly servers: readonly Server[];
  /** All of its real servers: shares are those among them. */
  readonly all: readonly Server[];
}

/** Whether everything is asked for. */
export function asksAll({ services, protocols, servers, states }: TableQuery): boolean {
  return services.length + protocols.length + servers.length + states.length === 0;
}

/** Whether a virtual service is asked for, as far as its key says. */
export function isAskedService(query: TableQuery, key: ServiceKey): boolean {
  return (
    any(query.services, (target) => isServiceTarget(key, target)) &&
    any(query.protocols, (name) => name === protocolName(key))
  );
}

/**
 * The real servers that are asked for, with their service; undefined if the query asks for nothing of
 * the service.
 */
export function select<Server extends ListedServer, Service extends ListedService>(
  query: TableQuery,
  service: Service,
  all: readonly Server[],
): Selected<Server, Service> | undefined {
  if (!isAskedService(query, service.key)) return undefined;
  const empty = query.states.includes('empty') && isEmpty(all);
  const servers = all.filter(
    (server) =>
      any(query.servers, (target) => isTarget(server, target)) &&
      (empty || any(query.states, (state) => state === serverState(server))),
  );
  // A service without real servers has nothing that a filter of servers could match.
  const whole = query.servers.length === 0 && (query.states.length === 0 || empty);
  return whole || servers.length > 0 ? { service, servers, all } : undefined;
}

/**
 * '192.0.2.10', '192.0.2.10:80', 'tcp:192.0.2.10:80', 'udp:[2001:db8::1]:53', 'fwmark:7',
 * 'fwmark:7:ipv6'; undefined if it is none of them.
 */
export function parseServiceTarget(text: string): ServiceTarget | undefined {
  const mark = /^fwmark:([0-9]{1,10})(?::(ipv4|ipv6))?$/.exec(text);
  if (mark) {
    const family = mark[2] && (mark[2] === 'ipv6' ? AF_INET6 : AF_INET);
    return { fwmark: Number(mark[1]), family: family || undefined };
  }
  const [, name, rest] = /^(tcp|udp|sctp):(.*)$/.exec(text) ?? [];
  const target = parseTarget(rest ?? text);
  return target && { ...target, protocol: name ? protocols[name as keyof typeof protocols] : undefined };
}

function isServiceTarget(key: ServiceKey, target: ServiceTarget): boolean {
  if ('fwmark' in target) {
    const sameFamily = target.family === undefined || target.family === key.family;
    return key.kind === 'fwmark' && key.fwmark === target.fwmark && sameFamily;
  }
  if (key.kind === 'fwmark') return false;
  return isTarget(key, target) && (target.protocol === undefined || target.protocol === key.protocol);
}

function protocolName(key: ServiceKey): string | undefined {
  if (key.kind === 'fwmark') return 'fwmark';
  return Object.keys(protocols).find((name) => protocols[name as keyof typeof protocols] === key.protocol);
}

/** What the facts say of each real server: the evidence that several findings share. */

import { sameBytes } from '../bytes/same-bytes';
import type { NeighbourState, Route } from '../host/types';
import { formatAddress } from '../model/address';
import { FORWARDING_MASK, forwardingMethods } from '../model/real-server';
import type { ListedService } from '../model/virtual-service';
import {
  type ConnectionAttempt,
  type ConnectionGroup,
  connectKey,
  type Facts,
  type ObservedServer,
  type Place,
} from './facts';
import { placeName, serviceName } from './finding';

/** A real server of a service, with what is known of it. */
export interface Look extends ObservedServer {
  readonly service: ListedService;
  readonly method: 'masquerading' | 'local' | 'tunneling' | 'gatewaying';
  readonly route: Route | undefined;
  /** What a TCP connection of this machine to it came to; undefined: not tried. */
  readonly attempt: ConnectionAttempt | undefined;
  /** The state of the entry of the neighbour by which it is reached. */
  readonly neighbour: NeighbourState | undefined;
  /** Whether the neighbour is the real server itself, and not a router. */
  readonly near: boolean;
  /** Its entries of the connection table. */
  readonly groups: readonly ConnectionGroup[];
  readonly halfOpen: number;
  /** Whether most of its connections do not get beyond the client's first packet. */
  readonly stuck: boolean;
  /** Packets for each connection, recently or since the counters were reset. */
  readonly perConnection: number | undefined;
}

export function looks(facts: Facts): Look[] {
  return (facts.table?.services ?? []).flatMap(({ service, servers }) =>
    servers.map((observed) => look(service, observed, facts)),
  );
}

/** 'TCP 10.0.0.13:80 -> 10.0.0.17:80' */
export function lookName({ service, server }: Look): string {
  return `${serviceName(service.key)} -> ${placeName(server)}`;
}

function look(service: ListedService, observed: ObservedServer, facts: Facts): Look {
  const { server, total, recent } = observed;
  const route = facts.routesTo.get(formatAddress(server.address));
  const next = route?.gateway ?? server.address;
  const groups = facts.connections.filter((group) => belongs(group, service, server, facts));
  const sum = (count: (group: ConnectionGroup) => number) =>
    groups.reduce((all, group) => all + count(group), 0);
  const halfOpen = sum((group) => group.halfOpen);
  const beyond = sum((group) => group.established + group.others);
  // The last clients of a few may still be about to try again: the average needs many.
  const number = [recent, total].find(({ connections }, at) => connections > (at === 0 ? MANY : 0));
  const perConnection = number && number.inPackets / number.connections;
  const recovered = recent.connections > 0 && recent.inPackets / recent.connections >= HEALTHY;
  return {
    ...observed,
    service,
    method: methodOf(server.forwarding),
    route,
    attempt: facts.attempts.get(connectKey(server)),
    neighbour: facts.neighbours.find((each) => each.link === route?.link && sameBytes(each.address, next))
      ?.state,
    near: route !== undefined && !route.gateway && !route.local,
    groups,
    halfOpen,
    stuck: halfOpen > beyond && !(recovered && !circles(perConnection)),
    perConnection,
  };
}

/** Enough new connections between the looks for their average to count. */
const MANY = 20;

/** The fewest packets of a client for a connection with one request: SYN, ACK, request, FIN. */
const HEALTHY = 4;

/** Whether packets go round until their TTL is used up: the client alone does not send that many. */
export function circles(perConnection: number | undefined): boolean {
  return perConnection !== undefined && perConnection > 24;
}

function methodOf(forwarding: number): Look['method'] {
  const method = forwarding & FORWARDING_MASK;
  const [name] = Object.entries(forwardingMethods).find(([, value]) => value === method) ?? [];
  return (name as Look['method'] | undefined) ?? 'gatewaying';
}

const protocolNames: Readonly<Record<number, string>> = { 6: 'TCP', 17: 'UDP', 132: 'SCTP' };

/** Whether an entry of the connection table is of a service. */
export function ofService(
  { protocol, virtual }: ConnectionGroup,
  { key }: ListedService,
  facts: Facts,
): boolean {
  if (key.kind === 'fwmark') {
    return !facts.table?.services.some(
      ({ service }) =>
        service.key.kind === 'address' &&
        sameBytes(service.key.address, virtual.address) &&
        service.key.port === virtual.port,
    );
  }
  return (
    protocol === protocolNames[key.protocol] &&
    sameBytes(key.address, virtual.address) &&
    (key.port === 0 || key.port === virtual.port)
  );
}

/** Whether an entry is of a real server of a service. Port 0 is any port. */
function belongs(group: ConnectionGroup, service: ListedService, server: Place, facts: Facts): boolean {
  const { destination } = group;
  return (
    sameBytes(destination.address, server.address) &&
    (server.port === 0 || destination.port === server.port) &&
    ofService(group, service, facts)
  );
}

/** Whether packets of this machine to a real server leave with a VIP as their source. */
export function vipAsSource({ route, method, server }: Look, facts: Facts): boolean {
  const { source } = route ?? {};
  if (!source || route?.local || server.address.length !== 4) return false;
  if (method !== 'gatewaying' && method !== 'tunneling') return false;
  const isVip = (address: Uint8Array) =>
    facts.table?.services.some(
      ({ service: { key } }) => key.kind === 'address' && sameBytes(key.address, address),
    ) ?? false;
  const others = facts.addresses.some(
    ({ link, address }) => link === route?.link && address.length === 4 && !isVip(address),
  );
  return isVip(source) && others;
}

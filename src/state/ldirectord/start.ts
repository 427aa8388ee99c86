/**
 * What ldirectord does when it starts with an empty table and every health check succeeds: the
 * calls of ipvsadm in its order, carried out on a table in memory.
 */
import { serviceName } from '../table/table-state';
import { hostText } from './endpoints';
import type { FallbackService } from './fallback';
import { isDotted } from './heads';
import type { Forwarding, Server } from './real-servers';
import type { Service } from './services';

/** A real server in the table. */
export interface Entry {
  readonly address: string;
  readonly port: number;
  forwarding: Forwarding;
  weight: number;
  lower: number;
  upper: number;
  /** The line that it was last set from. */
  server: Server;
}

/** A service with its part of the table. */
export interface Started {
  readonly service: Service;
  readonly fallback: Server | undefined;
  readonly quiescent: boolean;
  /** The real servers, by address and port; services that are the same to the kernel share them. */
  readonly table: Map<string, Entry>;
  /** The real servers that are up, by identity. */
  readonly up: Set<string>;
  fallbackUp: boolean;
}

export interface StartOptions {
  readonly quiescent: boolean;
  readonly readdQuiescent: boolean;
  readonly fallbackOf: (service: Service) => Server | undefined;
}

/** Returns the services that ipvsadm accepts with the table that results. */
export function startedServices(services: readonly Service[], options: StartOptions): Started[] {
  const tables = new Map<string, Map<string, Entry>>();
  const started = services.map((service): Started => {
    const name = service.added ? serviceName(service.added.key) : undefined;
    const table = (name !== undefined && tables.get(name)) || new Map<string, Entry>();
    if (name !== undefined) tables.set(name, table);
    const own = service.fallback?.(fallbackService(service));
    return {
      service,
      fallback: own ?? options.fallbackOf(service),
      quiescent: service.quiescent ?? options.quiescent,
      table,
      up: new Set(),
      fallbackUp: false,
    };
  });
  new Start(started, options.readdQuiescent).run();
  for (const each of started) if (each.quiescent) sortTable(each);
  return started;
}

/** ldirectord adds the servers of quiescent services in no particular order: here, in the file's. */
function sortTable({ service, table }: Started): void {
  const entries = new Map(table);
  for (const server of service.servers) {
    const key = keyOf(server.address, effectivePort(service, server));
    const entry = entries.get(key);
    if (!entry) continue;
    table.delete(key);
    table.set(key, entry);
  }
}

export function fallbackService({ protocol, target }: Service): FallbackService {
  return { protocol, port: target.port };
}

class Start {
  /** The services of each real server, by its identity. */
  readonly #services = new Map<string, Set<Started>>();

  constructor(
    readonly started: readonly Started[],
    readonly readd: boolean,
  ) {
    for (const each of started) {
      for (const { id } of each.service.servers) {
        const known = this.#services.get(id);
        if (known) known.add(each);
        else this.#services.set(id, new Set([each]));
      }
    }
  }

  run(): void {
    const down = new Map<string, Server>();
    for (const each of this.started) {
      for (const server of each.service.servers) down.set(endpointOf(server), server);
      this.#fallbackOn(each);
    }
    for (const server of down.values()) {
      for (const each of this.readd ? [] : this.#services.get(server.id)!) this.#serverUp(each, server);
      for (const each of this.#services.get(server.id)!) this.#serverDown(each, server);
    }
    const checked = new Set<string>();
    for (const { service } of this.started) {
      for (const server of service.servers) {
        if (service.off || checked.has(server.id)) continue;
        checked.add(server.id);
        for (const each of this.#services.get(server.id)!)
          if (!each.up.has(server.id)) this.#serverUp(each, server);
      }
    }
  }

  #serverUp(each: Started, server: Server): void {
    each.up.add(server.id);
    restore(each, server);
    each.fallbackUp = false;
    if (each.fallback) this.#remove(each, each.fallback, false);
  }

  #serverDown(each: Started, server: Server): void {
    each.up.delete(server.id);
    this.#remove(each, server, each.quiescent);
    this.#fallbackOn(each);
  }

  #fallbackOn(each: Started): void {
    if (!each.fallback || each.fallbackUp || each.up.size > 0) return;
    each.fallbackUp = true;
    restore(each, each.fallback);
  }

  /**
   * Where it does not find the server it takes the one of the same address with the service's port.
   */
  #remove(each: Started, server: Server, quiescent: boolean): void {
    const { table, service } = each;
    if (!service.added || !service.target.listed) return;
    const { address } = server;
    const names = [server.port, service.target.address === undefined ? server.port : service.target.port].map(
      (port) => ({ port, entry: found(table, address, port) }),
    );
    const { port, entry } = names.find((name) => name.entry) ?? names[0]!;
    if (!quiescent) {
      if (entry) table.delete(keyOf(address, Number(port)));
      return;
    }
    if (entry?.weight === 0 && entry.forwarding === server.forwarding) return;
    const rest = { ...server, port, weight: 0, lower: 0, upper: 0, refused: undefined };
    if (entry) edit(each, rest, server);
    else if (this.readd) add(each, rest, server);
  }
}

/** Sets a server that ldirectord finds in the table, adds another. */
function restore(each: Started, server: Server): void {
  const { table, service } = each;
  const known = service.target.listed && found(table, server.address, server.port);
  if (known) edit(each, server, server);
  else add(each, server, server);
}

function add(each: Started, server: Server, from: Server): void {
  if (!each.service.added || server.refused !== undefined) return;
  const port = effectivePort(each.service, server);
  const key = keyOf(server.address, port);
  if (each.table.has(key)) return;
  const { address, forwarding, weight, lower, upper } = server;
  each.table.set(key, { address, port, forwarding, weight, lower, upper, server: from });
}

function edit(each: Started, server: Server, from: Server): void {
  const entry = each.table.get(keyOf(server.address, effectivePort(each.service, server)));
  if (!entry || server.refused !== undefined) return;
  const { forwarding, weight, lower, upper } = server;
  Object.assign(entry, { forwarding, weight, lower, upper, server: from });
}

/** The port that ipvsadm gives a server: only masquerading changes that of a service's address. */
export function effectivePort({ target }: Service, { forwarding, port }: Server): number {
  const own = target.address === undefined || forwarding === 'masq';
  return Number(own ? port : target.port);
}

/** Returns an entry that ldirectord finds in ipvsadm's list by its text. */
function found(table: ReadonlyMap<string, Entry>, address: string, port: string): Entry | undefined {
  return isDotted(address) || /^0./.test(port) ? undefined : table.get(keyOf(address, Number(port)));
}

function endpointOf({ address, port }: Server): string {
  return `${hostText(address)}:${port}`;
}

export function keyOf(address: string, port: number): string {
  return `${address} ${port}`;
}

import type { System } from './system';

/** Names of hosts and services. Lookups that would have to wait throw NameNeeded. */
export interface NameSource {
  /**
   * The first address of a host name, of IPv4 if not given; undefined if it has none. @throws
   * NameNeeded.
   */
  addressOfHost(name: string, version?: 4 | 6): Uint8Array | undefined;
  /** The name of a host address; undefined if it has none. @throws NameNeeded. */
  nameOfAddress(address: Uint8Array): string | undefined;
  /** The port of a service name (aliases count) for an IP protocol number. */
  portOfService(name: string, protocol: number): number | undefined;
  /** The service name of a port for an IP protocol number. */
  serviceOfPort(port: number, protocol: number): string | undefined;
}

/**
 * Thrown when a name is needed that has not been looked up yet. Not an error: `withNames` handles
 * it.
 */
export class NameNeeded {
  constructor(readonly lookUp: () => Promise<void>) {}
}

/**
 * Repeats `attempt`, a pure function of names, until all names that it needs have been looked up.
 * So parsers and formatters remain synchronous functions, and only name lookups make a command
 * wait.
 */
export async function withNames<T>(attempt: () => T): Promise<T> {
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof NameNeeded)) throw error;
      await error.lookUp();
    }
  }
}

/** The system's names, each looked up once. */
export class Names implements NameSource {
  readonly #system: System;
  readonly #addresses = new Map<string, Uint8Array | undefined>();
  readonly #hosts = new Map<string, string | undefined>();
  readonly #services = new Map<number, string | undefined>();

  constructor(system: System) {
    this.#system = system;
  }

  addressOfHost(name: string, version: 4 | 6 = 4): Uint8Array | undefined {
    const key = `${version} ${name}`;
    if (this.#addresses.has(key)) return this.#addresses.get(key);
    throw new NameNeeded(async () => {
      this.#addresses.set(key, await this.#system.addressOfHost(name, version));
    });
  }

  nameOfAddress(address: Uint8Array): string | undefined {
    const key = address.join();
    if (this.#hosts.has(key)) return this.#hosts.get(key);
    throw new NameNeeded(() => this.lookUpAddresses([address]));
  }

  /** Looks up the names of many addresses at once. */
  async lookUpAddresses(addresses: Iterable<Uint8Array>): Promise<void> {
    const unknown = new Map<string, Uint8Array>();
    for (const address of addresses) {
      const key = address.join();
      if (!this.#hosts.has(key)) unknown.set(key, address);
    }
    await Promise.all(
      [...unknown].map(async ([key, address]) => {
        this.#hosts.set(key, await this.#system.nameOfAddress(address));
      }),
    );
  }

  portOfService(name: string, protocol: number): number | undefined {
    return this.#system.portOfService(name, protocol);
  }

  serviceOfPort(port: number, protocol: number): string | undefined {
    const key = (protocol << 16) | port;
    if (!this.#services.has(key)) this.#services.set(key, this.#system.serviceOfPort(port, protocol));
    return this.#services.get(key);
  }
}

/** Services and real servers for tests: defaults that can be overridden. */
import { AF_INET, AF_INET6, parseAddress } from '../../src/model/address';
import type { ListedServer } from '../../src/model/real-server';
import type { ListedService, ServiceKey } from '../../src/model/virtual-service';

export const mark = (fwmark: number, family: typeof AF_INET | typeof AF_INET6 = AF_INET): ServiceKey => ({
  kind: 'fwmark',
  fwmark,
  family,
});

export const key = (text: string, port = 80, protocol = 6): ServiceKey => ({
  kind: 'address',
  protocol,
  ...endpointOf(text),
  port,
});

export const service = (own: Partial<ListedService> = {}): ListedService => ({
  key: key('192.0.2.10'),
  scheduler: 'rr',
  flags: 0x02,
  timeout: 0,
  netmask: own.key?.family === AF_INET6 ? 128 : 0xffffffff,
  persistenceEngine: '',
  ...own,
});

export const server = (own: Partial<ListedServer> & { at?: string } = {}): ListedServer => {
  const { at = '10.0.0.17', ...rest } = own;
  return {
    ...endpointOf(at),
    port: 80,
    forwarding: 3,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: { type: 0, port: 0, flags: 0 },
    activeConnections: 0,
    inactiveConnections: 0,
    persistentConnections: 0,
    ...rest,
  };
};

function endpointOf(text: string) {
  const address = parseAddress(text)!;
  return { family: address.length === 4 ? AF_INET : AF_INET6, address } as const;
}

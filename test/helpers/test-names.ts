import { parseServices } from '../../src/engines/node/services';
import type { NameSource } from '../../src/platform/names';
import { services } from './test-system';

/** Names for tests: the services of test-system.ts, and a host for each address family. */
export const testNames: NameSource = {
  addressOfHost: (name) => (name === 'vip.test' ? Uint8Array.of(192, 0, 2, 10) : undefined),
  nameOfAddress: (address) => hostNames.get(address.join()),
  portOfService: (name, protocol) => parseServices(services).ports.get(protocol)?.get(name),
  serviceOfPort: (port, protocol) => parseServices(services).names.get(protocol)?.get(port),
};

const hostNames = new Map([
  ['192,0,2,10', 'vip.test'],
  ['32,1,13,184,0,0,0,0,0,0,0,0,0,0,0,1', 'a-very-long-ipv6-server-name-indeed.some.example.com'],
]);

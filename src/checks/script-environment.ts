/** What a script is told, in its environment: docs/checks.md. */
import { formatAddress } from '../model/address';
import type { Check } from '../model/check';
import type { CheckTarget } from '../model/director';
import { protocols } from '../model/virtual-service';

const names = new Map<number, string>(Object.entries(protocols).map(([name, number]) => [number, name]));

export function scriptEnvironment(check: Check, { service, server }: CheckTarget): Record<string, string> {
  const { key } = service.service;
  const { address, port } = server.server;
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    IPVSADM_SERVICE: service.name,
    IPVSADM_SERVER: server.name,
    ...(key.kind === 'address'
      ? {
          IPVSADM_VIP: formatAddress(key.address),
          IPVSADM_VPORT: String(key.port),
          IPVSADM_PROTOCOL: names.get(key.protocol) ?? String(key.protocol),
        }
      : { IPVSADM_FWMARK: String(key.fwmark) }),
    IPVSADM_RIP: check.address ?? formatAddress(address),
    IPVSADM_RPORT: String(check.port ?? port),
  };
}

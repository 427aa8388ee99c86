/** Where a check of a real server goes. */
import { isIP } from 'node:net';
import { formatAddress } from '../model/address';
import type { Check } from '../model/check';
import type { CheckTarget } from '../model/director';
import type { ServiceKey } from '../model/virtual-service';

export interface Place {
  readonly address: string;
  readonly family: 4 | 6;
  /** 0 if the kind of check has no port. */
  readonly port: number;
  readonly source?: string | undefined;
  readonly mark?: number | undefined;
}

/** The kinds that go to no port. */
const portless: ReadonlySet<Check['type']> = new Set(['ping', 'script', 'file']);

/** @returns the place, or what is wrong with it. */
export function placeOf(check: Check, { service, server }: CheckTarget): Place | string {
  const { key } = service.service;
  const path = check.via === 'path';
  const needsPort = !portless.has(check.type);
  if (path && !needsPort) return `a check of type ${check.type} cannot go through the forwarding path`;
  const address = check.address ?? (path ? addressOf(key) : formatAddress(server.server.address));
  if (address === undefined) return 'a service of a mark has no address: the check needs one';
  const family = isIP(address);
  if (family === 0) return `the address of the check is none: ${address}`;
  const port = needsPort ? (check.port ?? (path ? portOf(key) : server.server.port || portOf(key))) : 0;
  if (needsPort && !(port > 0 && port <= 65_535)) return 'the server has no port: the check needs one';
  if (check.source !== undefined && isIP(check.source) !== family) {
    return `the source address ${check.source} is not of the family of ${address}`;
  }
  return { address, family: family as 4 | 6, port, source: check.source, mark: check.mark };
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`; without the port if it is 0. */
export function placeText({ address, family, port }: Place): string {
  if (port === 0) return address;
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

function addressOf(key: ServiceKey): string | undefined {
  return key.kind === 'address' ? formatAddress(key.address) : undefined;
}

function portOf(key: ServiceKey): number {
  return key.kind === 'address' ? key.port : 0;
}
